import { readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExpectedError } from "../../lib/errors.ts";
import { isRecord, textIn } from "../../lib/json.ts";
import { isPidInUse } from "../../lib/process-identity.ts";

/** A run's hold on the stack, as a backend on files keeps it. */
export interface StackLock {
  readonly pid: number;
  readonly host: string;
  readonly user: string;
  /** ISO time. */
  readonly since: string;
}

/**
 * The locks of a stack that killed runs left. Other backends than files show theirs only to who wants to write: there
 * is none for them here, and the write fails with `stack-locked`.
 *
 * @throws ExpectedError `stack-locked` where a run may still be alive.
 */
export function staleLocks(folder: StateFolder | undefined): readonly StackLock[] {
  if (folder === undefined) return [];
  const { stack } = folder;
  const locks = readLocks(folder.locks);
  const held = locks.find((lock) => !isDead(lock));
  if (held === undefined) return locks;
  const { user, host, pid, since } = held;
  throw new ExpectedError(
    "stack-locked",
    `A run has locked stack ${stack}: pid ${pid} of ${user} on ${host}, since ${since}. Wait until it ends. ` +
      `If you are sure that it is no longer running, run \`pulumi cancel --stack ${stack}\`, then this again.`,
  );
}

function readLocks(folder: string): StackLock[] {
  const names = filesIn(folder).filter((name) => name.endsWith(".json"));
  return names.flatMap((name) => {
    const lock = readLock(join(folder, name));
    return lock === undefined ? [] : [lock];
  });
}

function readLock(file: string): StackLock | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (!isRecord(content)) return undefined;
    const [host, user, since] = [
      textIn(content, "hostname"),
      textIn(content, "username"),
      textIn(content, "timestamp"),
    ];
    return { pid: Number(content["pid"]), host, user, since };
  } catch {
    // It was given back meanwhile.
    return undefined;
  }
}

/** Only of this machine's processes can that be said. Pulumi notes no start time that could be compared. */
function isDead({ pid, host }: StackLock): boolean {
  return host === hostname() && Number.isSafeInteger(pid) && pid > 0 && !isPidInUse(pid);
}

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
function filesIn(folder: string): readonly string[] {
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
