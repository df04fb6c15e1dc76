import { findOwner, lostOwner } from "./find-owner.ts";
import { isAlive } from "./process-identity.ts";

export interface WatchOwnerOptions {
  /** Called once, when the owner is gone: time to shut down. Called at once where it is gone already. */
  readonly onGone: () => void;
  /** How often to look, in milliseconds. */
  readonly everyMs?: number;
}

export interface OwnerWatch {
  stop(): void;
}

/**
 * Watches the process for which this one runs (see findOwner), since nothing tells a process that npm was
 * killed. Does not keep this process running.
 */
export function watchOwner({ onGone, everyMs = 300 }: WatchOwnerOptions): OwnerWatch {
  const parentPid = process.ppid;
  if (lostOwner()) {
    onGone();
    return { stop: () => undefined };
  }
  const owner = findOwner();
  const timer = setInterval(() => {
    // Without an owner that we can see (the first process of a container), our own parent alone counts.
    if (process.ppid === parentPid && (owner === undefined || isAlive(owner))) return;
    clearInterval(timer);
    onGone();
  }, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
