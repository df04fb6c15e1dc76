import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isAlive, isIdentity, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

/** A lock that this process has. */
export interface Lock {
  /** Gives it back; does nothing for one that is another's meanwhile. */
  readonly release: () => void;
}

/** A lock that this process did not get. */
export interface HeldLock {
  readonly heldBy: FoundLock;
}

/** A lock file as it was read. */
export interface FoundLock {
  readonly file: string;
  readonly text: string;
  /** Undefined where the file is not one of these locks: all of them are there with their whole content at once. */
  readonly process: ProcessIdentity | undefined;
  /** What its process noted there for others, as it was read. */
  readonly note: unknown;
}

export interface LockOptions {
  /** JSON that the lock file holds besides, for others to read. */
  readonly note?: unknown;
  /** Whether a lock counts. By default it does as long as its process lives. */
  readonly isHeld?: (found: FoundLock) => boolean;
}

/**
 * Takes a lock, unless another one has it; of many processes that try at once, one gets it. One that a killed process
 * left is taken over. The file's folder must be there, on a file system with hard links, and all processes on one machine.
 *
 * Taking over is itself under a lock, `<file>.takeover`: otherwise the second of two that found the same dead lock could
 * remove what the first had just taken. While another process takes over, that one has the lock.
 */
export function takeLock(file: string, options: LockOptions = {}): Lock | HeldLock {
  const own = ownText(options.note);
  for (;;) {
    const found = attempt(file, own, options);
    if (!("left" in found)) return found;
    try {
      if (replaceLeft(found.left, own)) return lockOf(file, own);
    } finally {
      found.takeover.release();
    }
  }
}

/**
 * {@link takeLock}, but what a dead lock's process left behind is ended first, while no other process can take the lock.
 *
 * @param onLeftover Ends it, the lock's process too where that still lives. Where it rejects, so does this, and the dead
 *   lock stays.
 */
export async function takeLockAfter(
  file: string,
  onLeftover: (left: FoundLock) => Promise<void>,
  options: LockOptions = {},
): Promise<Lock | HeldLock> {
  const own = ownText(options.note);
  for (;;) {
    const found = attempt(file, own, options);
    if (!("left" in found)) return found;
    try {
      await onLeftover(found.left);
      if (replaceLeft(found.left, own)) return lockOf(file, own);
    } finally {
      found.takeover.release();
    }
  }
}

/** Reads a lock file; undefined where there is none. */
export function readLock(file: string): FoundLock | undefined {
  try {
    const text = readFileSync(file, "utf8");
    return { file, text, ...parsed(text) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A dead lock, which this process alone may replace until it gives `takeover` back. */
interface LeftLock {
  readonly left: FoundLock;
  readonly takeover: Lock;
}

function attempt(file: string, own: string, options: LockOptions): Lock | HeldLock | LeftLock {
  const { isHeld = isOfLivingProcess } = options;
  for (;;) {
    if (create(file, own)) return lockOf(file, own);
    const found = readLock(file);
    // It was given back meanwhile.
    if (found === undefined) continue;
    if (isHeld(found)) return { heldBy: found };
    // A living process is never to lose a takeover, whatever the lock itself depends on.
    const isTakingOver = (other: FoundLock) => isOfLivingProcess(other) || isHeld(other);
    const takeover = takeLock(`${file}.takeover`, { ...options, isHeld: isTakingOver });
    return "heldBy" in takeover ? takeover : { left: found, takeover };
  }
}

function isOfLivingProcess({ process }: FoundLock): boolean {
  return process !== undefined && isAlive(process);
}

/** Makes the file with its whole content at once, unless it is there already. */
function create(file: string, text: string): boolean {
  return withDraft(file, text, (draft) => {
    try {
      linkSync(draft, file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  });
}

/** False where the file is not the dead lock any more: another process took that over before, or it was given back. */
function replaceLeft({ file, text }: FoundLock, own: string): boolean {
  if (readLock(file)?.text !== text) return false;
  withDraft(file, own, (draft) => {
    renameSync(draft, file);
  });
  return true;
}

function withDraft<T>(file: string, text: string, use: (draft: string) => T): T {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(draft, text, { flag: "wx", mode: 0o600 });
    return use(draft);
  } finally {
    rmSync(draft, { force: true });
  }
}

function lockOf(file: string, own: string): Lock {
  return {
    release: () => {
      if (readLock(file)?.text === own) rmSync(file, { force: true });
    },
  };
}

/** Unlike any other lock's, also of this process. */
function ownText(note: unknown): string {
  return JSON.stringify({ token: randomBytes(8).toString("hex"), process: ownIdentity(), note });
}

function parsed(text: string): Pick<FoundLock, "process" | "note"> {
  try {
    const { process, note } = Object(JSON.parse(text)) as Record<string, unknown>;
    return { process: isIdentity(process) ? process : undefined, note };
  } catch {
    return { process: undefined, note: undefined };
  }
}
