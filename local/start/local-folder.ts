import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../infra/project-root.ts";
import { LocalError } from "../processes/local-error.ts";

/** What lies where in the folder of a local world; git ignores it. */
export interface LocalFolder {
  readonly root: string;
  /** Kept from run to run, so that a browser that was told to trust them still does. */
  readonly certificates: string;
  /** Made anew by each run. */
  readonly bin: string;
  readonly pulumiHome: string;
  readonly pulumiState: string;
  readonly s3: string;
  readonly passphrase: string;
  readonly projectFile: string;
  readonly stackFile: string;
  /** What `pictures rollback` keeps. */
  readonly pins: string;
  readonly runFile: string;
  /** Where commands keep what they remember between runs. */
  readonly commandState: string;
  /** What the tenant was asked, line by line. */
  readonly tenantLog: string;
}

export function localFolder(root: string): LocalFolder {
  return {
    root,
    certificates: join(root, "certificates"),
    bin: join(root, "bin"),
    pulumiHome: join(root, "pulumi-home"),
    pulumiState: join(root, "state"),
    s3: join(root, "s3"),
    passphrase: join(root, "passphrase"),
    projectFile: join(root, "Pulumi.yaml"),
    stackFile: join(root, "Pulumi.local.yaml"),
    pins: join(root, "pins"),
    runFile: join(root, "run.json"),
    commandState: join(root, "command-state"),
    tenantLog: join(root, "tenant.log"),
  };
}

/** The repository's own folder for it, ignored by git: whatever is in there may be removed. */
export const ownFolder = join(projectRoot, ".local");

/** Says that the folder is a local world's: everything else in it may then be removed. */
const markerName = ".local-world";

/** What other commands put there before the first run. */
const harmless = new Set(["certificates", "run.lock", markerName]);

/**
 * Makes the folder a local world's.
 *
 * @throws LocalError `folder-not-ours` where something else lives there, `folder-unusable` where it cannot be made.
 */
export async function prepareFolder({ root }: LocalFolder): Promise<void> {
  const names = await makeFolder(root);
  if (root !== ownFolder && !names.includes(markerName) && names.some((name) => !harmless.has(name))) {
    throw new LocalError(
      "folder-not-ours",
      `--folder ${root} holds something else, which a run would remove. Name a new or an empty folder.`,
    );
  }
  await writeFile(join(root, markerName), "npm start removes and makes anew what is in this folder.\n");
}

async function makeFolder(root: string): Promise<string[]> {
  try {
    await mkdir(root, { recursive: true });
    return await readdir(root);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LocalError("folder-unusable", `--folder ${root} cannot be used: ${why}. Name another one.`, {
      cause,
    });
  }
}

/** Every run starts from an empty tenant, so state and objects of an earlier one describe nothing that exists. */
export async function removeFormerRun(folder: LocalFolder): Promise<void> {
  const { root: _root, certificates: _certificates, ...former } = folder;
  await Promise.all(Object.values<string>(former).map((path) => rm(path, { recursive: true, force: true })));
}
