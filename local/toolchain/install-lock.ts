import { statSync } from "node:fs";
import { utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { takeLock, type FoundLock, type Lock } from "../../lib/lock.ts";
import { isAlive } from "../../lib/process-identity.ts";
import type { Progress } from "./artifact.ts";

/** All in milliseconds. */
export interface LockTimes {
  readonly poll: number;
  readonly heartbeat: number;
  /** A lock whose heartbeat was watched for this long without any beat is left over. */
  readonly stale: number;
}

const defaultTimes: LockTimes = { poll: 250, heartbeat: 1000, stale: 15_000 };

/**
 * Runs the body while no other process does under the same lock file, and waits for the one that does. A lock
 * left by a killed process is taken over. The lock only saves double work: what the body does has to be correct
 * without it, as a process that sleeps past `stale` loses it unnoticed.
 */
export async function withInstallLock<T>(
  file: string,
  progress: Progress,
  body: () => Promise<T>,
  times: LockTimes = defaultTimes,
): Promise<T> {
  const lock = await acquire(file, progress, times);
  const heart = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, times.heartbeat);
  try {
    return await body();
  } finally {
    clearInterval(heart);
    lock.release();
  }
}

async function acquire(file: string, progress: Progress, times: LockTimes): Promise<Lock> {
  const options = { note: { host: hostname() }, isHeld: heartbeatWatch(times.stale) };
  for (let announced = false; ; announced = true) {
    const lock = takeLock(file, options);
    if (!("heldBy" in lock)) return lock;
    if (!announced) progress("Another process is installing the toolchain; waiting for it ...");
    await delay(times.poll);
  }
}

/**
 * A lock is left over when its process is gone from this machine, or when its heartbeat stood still while it was
 * watched: comparing its time with this clock would misjudge a machine that slept, or a shared file system.
 */
function heartbeatWatch(staleAfter: number): (found: FoundLock) => boolean {
  const seen = new Map<string, { readonly beat: number; readonly since: number }>();
  return ({ file, text, process, note }) => {
    const { host } = Object(note) as { readonly host?: unknown };
    if (process !== undefined && host === hostname() && !isAlive(process)) return false;
    const beat = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const last = seen.get(text);
    if (last?.beat === beat) return performance.now() - last.since <= staleAfter;
    seen.set(text, { beat, since: performance.now() });
    return true;
  };
}
