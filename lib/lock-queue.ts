import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readLock, takeLock, type FoundLock, type Lock } from "./lock.ts";
import { isAlive } from "./process-identity.ts";

export interface LockWait {
  /** JSON that the lock holds while this process has it, and its place in the queue while it waits. */
  readonly note: unknown;
  /** Told once, where the lock cannot be had at once; what it throws ends the wait. */
  readonly onHeld: (holder: FoundLock) => void;
}

/**
 * Takes a lock as `takeLock` does, and waits for as long as another one has it. First come, first served: a process that
 * gives it back and takes it again, as one does that works in stretches, comes after everyone who waits already. Who
 * waits has a file of its own in the folder `<file>.queue`; one that a killed process left counts for nothing.
 */
export async function waitForLock(file: string, { note, onHeld }: LockWait): Promise<Lock> {
  const queue = `${file}.queue`;
  let place: Place | undefined;
  try {
    for (;;) {
      const ahead = aheadOf(queue, place?.name);
      // Who has the lock says more to people than who waits for it too.
      const lock = ahead === undefined ? takeLock(file, { note }) : { heldBy: living(file) ?? ahead };
      if (!("heldBy" in lock)) return lock;
      if (place === undefined) {
        onHeld(lock.heldBy);
        place = queueUp(queue, note);
      }
      await sleep(pollMs);
    }
  } finally {
    place?.leave();
  }
}

/** Short beside a request to a server, and long beside the look at a few files. */
const pollMs = 150;

interface Place {
  readonly name: string;
  readonly leave: () => void;
}

/** A place is a lock of its own, which no other process wants: its name says since when, and its content whose it is. */
function queueUp(queue: string, note: unknown): Place {
  mkdirSync(queue, { recursive: true, mode: 0o700 });
  const name = `${String(Date.now()).padStart(15, "0")}-${randomBytes(6).toString("hex")}`;
  const place = takeLock(join(queue, name), { note });
  if ("heldBy" in place) throw new Error("A place in a queue is one process's alone");
  return { name, leave: place.release };
}

/** The first living process that waits for longer than this one; any, for one that has no place yet. */
function aheadOf(queue: string, own: string | undefined): FoundLock | undefined {
  for (const name of placesIn(queue)) {
    if (own !== undefined && name >= own) return undefined;
    const found = living(join(queue, name));
    if (found !== undefined) return found;
    // No other process ever gets this name, so what is removed is what was read.
    rmSync(join(queue, name), { force: true });
  }
  return undefined;
}

function living(file: string): FoundLock | undefined {
  const found = readLock(file);
  return found?.process !== undefined && isAlive(found.process) ? found : undefined;
}

/** The first one first; drafts have a longer name. */
function placesIn(queue: string): string[] {
  try {
    return readdirSync(queue)
      .filter((name) => /^\d{15}-[0-9a-f]{12}$/.test(name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
