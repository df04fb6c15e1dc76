import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../lib/project.ts";
import { configNamespace } from "../../stack/read-config.ts";
import type { ToolchainPaths } from "../toolchain/ensure-toolchain.ts";
import { launcherMark } from "../toolchain/own-pulumi.ts";
import type { LocalFolder } from "./local-folder.ts";

/** The bucket of the local world. */
export const localBucket = "pictures";

/**
 * Writes the Pulumi project and stack `local`: the program of the repository, and beside it what only this
 * stack may see, the stand-in for the AWS provider.
 */
export async function writeProject(folder: LocalFolder, toolchain: ToolchainPaths): Promise<void> {
  const project = parse(await readFile(join(projectRoot, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
  const local = {
    ...project,
    main: join(projectRoot, "index.ts"),
    plugins: {
      providers: [{ name: "aws", path: join(projectRoot, "plugins/aws") }, ...ownProviders(project)],
    },
  };
  await mkdir(folder.pulumiState, { recursive: true });
  await writeFile(folder.projectFile, stringify(local));
  await writeFile(folder.passphrase, randomBytes(24).toString("base64url"), { mode: 0o600 });
  await writeFile(folder.uploadKey, randomBytes(32).toString("base64"), { mode: 0o600 });
  await writePulumiHome(folder, toolchain);
  await writeLauncher(folder, toolchain);
}

/** The repository's own providers: their paths are relative to its project file. */
function ownProviders(project: Readonly<Record<string, unknown>>): { name: string; path: string }[] {
  const { providers } = project["plugins"] as { providers: { name: string; path: string }[] };
  return providers.map(({ name, path }) => ({ name, path: join(projectRoot, path) }));
}

/** A home of its own: what Pulumi writes there is gone with the run, and the toolchain stays as it was made. */
async function writePulumiHome(folder: LocalFolder, toolchain: ToolchainPaths): Promise<void> {
  await mkdir(folder.pulumiHome, { recursive: true });
  for (const name of ["bin", "plugins"]) {
    await symlink(join(toolchain.home, name), join(folder.pulumiHome, name));
  }
}

/** `pulumi` finds its project from its working directory; this one finds ours from every directory. */
async function writeLauncher(folder: LocalFolder, toolchain: ToolchainPaths): Promise<void> {
  const launcher = join(folder.bin, "pulumi");
  await mkdir(folder.bin, { recursive: true });
  await writeFile(
    launcher,
    `#!/bin/sh\n${launcherMark}\nexec ${quoted(toolchain.pulumi)} --cwd ${quoted(folder.root)} "$@"\n`,
  );
  await chmod(launcher, 0o755);
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** Values of the stack's configuration, by key without namespace. */
export type StackConfig = Readonly<Record<string, unknown>>;

/** The configuration of stack `local`: copies show once `pictures mirror` has made some. Gravatar cannot reach it, so it cannot be a Gravatar's fallback. */
export function localConfig(auth0Domain: string, s3: { endpoint: string; region: string }): StackConfig {
  return {
    auth0Domain,
    awsAccountId: "000000000000",
    awsRegion: s3.region,
    imageBucket: localBucket,
    imageBaseUrl: `${s3.endpoint}/${localBucket}`,
    gravatar: "never",
    copies: "show",
  };
}

/** Writes the stack's file, keeping what Pulumi itself wrote there. */
export async function writeStackFile(folder: LocalFolder, config: StackConfig): Promise<void> {
  const former = parse(await readFile(folder.stackFile, "utf8").catch(() => "{}")) as Record<string, unknown>;
  const named = Object.entries(config).map(([key, value]) => [`${configNamespace}:${key}`, value]);
  await writeFile(
    folder.stackFile,
    stringify({ ...former, config: Object.fromEntries(named) as StackConfig }),
  );
}
