import { execFile } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readSync, realpathSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { promisify } from "node:util";
import type { Environment } from "../../lib/environment.ts";
import { executablesOnPath, isExecutable } from "../../lib/executables.ts";
import { isAtLeast } from "../../lib/versions.ts";
import type { Progress } from "./artifact.ts";

/** A Pulumi that the user has installed. */
export interface OwnPulumi {
  readonly path: string;
  /** Without the `v`. */
  readonly version: string;
}

export interface OwnPulumiSearch {
  readonly env: Environment;
  /** The version that it has to have; a newer one of the same major version will do. */
  readonly pinned: string;
  /** The folder of our own toolchains: what is in there is not the user's. */
  readonly ours: string;
  /** Hears of one that is there and cannot be used. */
  readonly progress: Progress;
}

/** A line of our launchers of Pulumi: `npm run local` puts them first on the path. */
export const launcherMark = "# The pulumi of a local world of auth0-user-pictures.";

const longestAnswerMs = 10_000;

/** The user's own Pulumi, on the path or where its installer puts it; undefined where none can stand in for ours. */
export async function findOwnPulumi(search: OwnPulumiSearch): Promise<OwnPulumi | undefined> {
  const { env, ours, progress } = search;
  const installed = join(env["HOME"] ?? homedir(), ".pulumi", "bin", "pulumi");
  const found = [...executablesOnPath("pulumi", env["PATH"]), installed].filter(isExecutable);
  const seen = new Set<string>();
  for (const path of found) {
    const file = realpathSync(path);
    if (seen.has(file) || !isTheUsers(file, ours)) continue;
    seen.add(file);
    const version = await versionOf(path, env);
    const lack = lackOf(file, version, search.pinned);
    if (version !== undefined && lack === undefined) return { path, version };
    progress(`Your own Pulumi ${path} is not used: ${lack ?? ""}.`);
  }
  return undefined;
}

/** npm's package `pulumi` is not one either: it would download the CLI that it stands for. */
function isTheUsers(file: string, ours: string): boolean {
  if (file.startsWith(realpathIfThere(ours) + sep) || file.includes(`${sep}node_modules${sep}`)) return false;
  return !beginningOf(file).includes(launcherMark);
}

function realpathIfThere(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : folder;
}

function beginningOf(file: string): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(200);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** A release's version; undefined for a development version, and for what does not answer like Pulumi. */
async function versionOf(path: string, env: Environment): Promise<string | undefined> {
  // Even this writes into Pulumi's home.
  const home = mkdtempSync(join(tmpdir(), "user-pictures-pulumi-"));
  try {
    const { stdout } = await promisify(execFile)(path, ["version"], {
      env: { ...env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: longestAnswerMs,
    });
    return /^v?(\d+\.\d+\.\d+)$/.exec(stdout.trim())?.[1];
  } catch {
    return undefined;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Why it cannot stand in for ours; undefined where it can. */
function lackOf(file: string, version: string | undefined, pinned: string): string | undefined {
  if (version === undefined) return "`pulumi version` does not answer with the version of a release";
  if (!isAtLeast(version, pinned) || version.split(".")[0] !== pinned.split(".")[0]) {
    return `it is ${version}, and ${pinned} or a newer one of the same major version is needed`;
  }
  // Where the engine looks first; one elsewhere may be of another version.
  const host = join(dirname(file), "pulumi-language-nodejs");
  return isExecutable(host) ? undefined : `there is no pulumi-language-nodejs beside ${file}`;
}
