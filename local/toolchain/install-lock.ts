import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Progress } from "./artifact.ts";

/** What the lock file says about the process that holds it. */
interface Owner {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

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
  const owner: Owner = { token: randomUUID(), pid: process.pid, host: hostname() };
  const content = JSON.stringify(owner);
  await acquire(file, content, progress, times);
  const heart = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, times.heartbeat);
  try {
    return await body();
  } finally {
    clearInterval(heart);
    await removeLock(file, content);
  }
}

async function acquire(file: string, content: string, progress: Progress, times: LockTimes): Promise<void> {
  const isStale = staleWatch(times.stale);
  let announced = false;
  while (!(await create(file, content))) {
    const held = await readLock(file);
    if (held !== undefined && isStale(held)) {
      await removeLock(file, held.content);
      continue;
    }
    if (!announced) progress("Another process is installing the toolchain; waiting for it ...");
    announced = true;
    await delay(times.poll);
  }
}

async function create(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

interface HeldLock {
  readonly content: string;
  readonly beat: number;
}

async function readLock(file: string): Promise<HeldLock | undefined> {
  try {
    return { content: await readFile(file, "utf8"), beat: (await stat(file)).mtimeMs };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/**
 * A lock is left over when its process is gone from this machine, or when its heartbeat stood still while it was
 * watched: comparing its time with this clock would misjudge a machine that slept, or a shared file system.
 */
function staleWatch(staleAfter: number): (held: HeldLock) => boolean {
  let last: HeldLock | undefined;
  let since = 0;
  return (held) => {
    if (isOwnerGone(held.content)) return true;
    if (last?.content !== held.content || last.beat !== held.beat) {
      last = held;
      since = performance.now();
    }
    return performance.now() - since > staleAfter;
  };
}

function isOwnerGone(content: string): boolean {
  const { pid, host } = parseOwner(content) ?? {};
  if (pid === undefined || host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return hasCode(error, "ESRCH");
  }
}

function parseOwner(content: string): Partial<Owner> | undefined {
  try {
    return JSON.parse(content) as Partial<Owner>;
  } catch {
    // Being written at this moment, or cut off: then its heartbeat decides.
    return undefined;
  }
}

/** Removes the lock if it still is the expected one. */
async function removeLock(file: string, content: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
    // Another process took the lock over between our check and our rename: its lock goes back.
    if ((await readFile(aside, "utf8")) !== content) await link(aside, file);
  } catch (error) {
    if (!hasCode(error, "ENOENT") && !hasCode(error, "EEXIST")) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
