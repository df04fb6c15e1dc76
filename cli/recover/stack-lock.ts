import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ExpectedError } from "../../infra/expected-error.ts";
import { isRecord, textIn } from "../json-record.ts";
import { filesIn, type StateFolder } from "./state-folder.ts";

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
    `A run holds stack ${stack}: pid ${pid} of ${user} on ${host}, since ${since}. Wait for its end. ` +
      `If you are sure that it is no longer alive, run \`pulumi cancel --stack ${stack}\`, then this again.`,
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

/** Only of this machine's processes can that be said. */
function isDead({ pid, host }: StackLock): boolean {
  if (host !== hostname() || !Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
