import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { auth0Values } from "../../auth0/credentials.ts";
import { envVar, type Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { projectRoot } from "../../lib/project.ts";
import { isAtLeast } from "../../lib/versions.ts";
import { stackFile } from "../../stack/stack-file.ts";
import { ok, problem, skipped, type Check } from "./check.ts";

/** Node is one that the project supports. */
export const checkNode: Check = {
  name: "node",
  run: ({ nodeVersion }) => {
    const least = leastNodeVersion();
    const finding = isAtLeast(nodeVersion, least)
      ? ok(`Node ${nodeVersion}`)
      : problem(`Node ${nodeVersion} is older than ${least}`, `install Node ${least} or newer`);
    return Promise.resolve(finding);
  },
};

const noNeed = "the PICTURES_* variables do not need it";

/** The user's own `pulumi` is there and not older than the SDK of the program. */
export const checkPulumi: Check = {
  name: "pulumi",
  run: async ({ pulumi, env }) => {
    const least = dependencyVersion("@pulumi/pulumi");
    try {
      const { stdout } = await pulumi(["version"]);
      const version = stdout.trim().replace(/^v/, "");
      if (isAtLeast(version, least)) return ok(`Pulumi ${version}`);
      if (needsNoPulumi(env)) return skipped(`Pulumi ${version} is too old; ${noNeed}`);
      return problem(`Pulumi ${version} is older than ${least}`, `install Pulumi ${least} or newer`);
    } catch (error) {
      const isMissing = error instanceof ExpectedError && error.code === "pulumi-missing";
      if (isMissing && needsNoPulumi(env)) return skipped(`There is no pulumi; ${noNeed}`);
      throw error;
    }
  },
};

const providers = ["auth0", "aws"] as const;

/** The provider plugins of the program are there, or Pulumi will get them. */
export const checkPlugins: Check = {
  name: "plugins",
  run: async ({ pulumi, stack, env }) => {
    if (needsNoPulumi(env)) return skipped("The PICTURES_* variables do not need Pulumi");
    const installed = await installedPlugins(() => pulumi(["plugin", "ls", "--json"]));
    if (installed === undefined) return skipped("Pulumi does not say which plugins it has");
    const byPath = pluginsByPath(stack, env);
    const wanted = providers
      .filter((name) => !byPath.includes(name))
      .map((name) => ({ name, version: dependencyVersion(`@pulumi/${name}`) }));
    const missing = wanted.filter(({ name, version }) => !installed.includes(`${name} ${version}`));
    const list = wanted.map(({ name, version }) => `${name} ${version}`).join(", ");
    const fromFolders = byPath.length === 0 ? "" : `; by path: ${byPath.join(", ")}`;
    if (missing.length === 0) return ok(`${list}${fromFolders}`);
    const names = missing.map(({ name, version }) => `${name} ${version}`).join(", ");
    if (envVar(env, "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION") !== "true") {
      return ok(`${list}${fromFolders}; pulumi up will get ${names}`);
    }
    const remedy = missing.map(({ name, version }) => `pulumi plugin install resource ${name} ${version}`);
    return problem(
      `Missing, and PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION is set: ${names}`,
      remedy.join(" && "),
    );
  },
};

async function installedPlugins(
  list: () => Promise<{ readonly code: number; readonly stdout: string }>,
): Promise<readonly string[] | undefined> {
  try {
    const { code, stdout } = await list();
    if (code !== 0) return undefined;
    const plugins = JSON.parse(stdout) as { readonly name: string; readonly version: string }[];
    return plugins.map(({ name, version }) => `${name} ${version}`);
  } catch (error) {
    // The check of pulumi itself reports a missing one; the other case is output that is not JSON.
    if (error instanceof ExpectedError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The providers that the stack's project file takes from a folder, as a local world does. */
function pluginsByPath(stack: string, env: Environment): readonly string[] {
  const beside = join(dirname(stackFile(stack, env)), "Pulumi.yaml");
  const file = existsSync(beside) ? beside : join(projectRoot, "Pulumi.yaml");
  const { plugins } = parse(readFileSync(file, "utf8")) as { plugins?: { providers?: { name: string }[] } };
  return plugins?.providers?.map(({ name }) => name) ?? [];
}

/** Whether the credentials are for work without Pulumi, such as a moderator's: `PICTURES_*`. */
function needsNoPulumi(env: Environment): boolean {
  const { token, clientId } = auth0Values(env);
  return token === undefined && clientId === undefined && envVar(env, "PICTURES_CLIENT_ID") !== undefined;
}

/** The exact version that package.json asks for of one of its dependencies. */
function dependencyVersion(name: string): string {
  const version = readPackage().dependencies[name];
  if (version === undefined) throw new Error(`package.json has no dependency ${name}`);
  return version;
}

/** The oldest Node that package.json's `engines` takes. */
function leastNodeVersion(): string {
  return readPackage().engines.node.replace(/^>=/, "");
}

function readPackage(): { dependencies: Record<string, string>; engines: { node: string } } {
  return JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as ReturnType<
    typeof readPackage
  >;
}
