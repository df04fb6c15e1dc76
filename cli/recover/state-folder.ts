import { readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where a backend on files keeps what belongs to one stack. */
export interface StateFolder {
  readonly stack: string;
  /** With the states of all stacks of the project. */
  readonly states: string;
  readonly locks: string;
}

/**
 * @param backendUrl As `pulumi whoami` says it.
 * @returns undefined for another kind of backend.
 */
export function stateFolderOf(backendUrl: string, project: string, stack: string): StateFolder | undefined {
  const root = folderOf(backendUrl);
  if (root === undefined) return undefined;
  const states = join(root, ".pulumi", "stacks", project);
  return { stack, states, locks: join(root, ".pulumi", "locks", "organization", project, stack) };
}

function folderOf(backendUrl: string): string | undefined {
  if (!backendUrl.startsWith("file://")) return undefined;
  const path = backendUrl.slice("file://".length);
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return path.startsWith("/") ? fileURLToPath(backendUrl) : undefined;
}

/**
 * Removes the cut-off notes that a killed `pulumi` may leave beside the state. It writes the state and its backup in one
 * piece, but not the `.attrs` file beside each, which it can do without; while one is cut off, every command fails
 * ("failed to load checkpoint: EOF"). Only while no run is alive.
 *
 * @returns The names of the files that were removed.
 */
export function removeCutOffNotes({ stack, states, locks }: StateFolder): readonly string[] {
  const ofStack = filesIn(states).filter((name) => name.startsWith(`${stack}.json`));
  const files = [
    ...ofStack.map((name) => join(states, name)),
    ...filesIn(locks).map((name) => join(locks, name)),
  ];
  const cutOff = files.filter((file) => file.endsWith(".attrs") && !isJson(file));
  for (const file of cutOff) rmSync(file, { force: true });
  return cutOff;
}

/** No folder is an empty one. */
export function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
