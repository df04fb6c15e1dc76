import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { endProcess } from "./end-process.ts";
import { findOwner } from "./find-owner.ts";
import { killMarked } from "./kill-marked.ts";
import { LocalError } from "./local-error.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "./process-identity.ts";
import { newRunId } from "./run-mark.ts";
import { isRunning, readLock, type LockContent, type RunRecord } from "./run-record.ts";

export interface ClaimedRun {
  readonly runId: string;
  /** Gives the folder back. */
  release(): void;
}

export interface ClaimOptions {
  readonly runId?: string;
  /** The process for which the run goes; found by findOwner() without it. */
  readonly owner?: ProcessIdentity;
}

const lockName = "run.lock";

/** The run that holds the folder and still goes, if there is one. */
export function currentRun(folder: string): RunRecord | undefined {
  const record = readLock(join(folder, lockName))?.record;
  return record !== undefined && isRunning(record) ? record : undefined;
}

/**
 * Claims the folder for a new run, at most one at a time. What a killed run left behind is ended first, its
 * processes included.
 *
 * @throws LocalError `already-running` when a living run holds it, `processes-left` when remains cannot be ended.
 */
export async function claimRun(folder: string, options: ClaimOptions = {}): Promise<ClaimedRun> {
  const self = ownIdentity();
  const { runId = newRunId(), owner = findOwner() ?? self } = options;
  const file = join(folder, lockName);
  mkdirSync(folder, { recursive: true });
  await acquire(file, { runId, process: self, owner });
  return { runId, release: () => release(file, runId) };
}

async function acquire(file: string, record: RunRecord): Promise<void> {
  while (!createLock(file, record)) {
    const found = readLock(file);
    if (found === undefined) continue;
    if (found.record !== undefined && holds(found.record)) throw alreadyRunning(found.record);
    if (!(await clearAway(file, found, record))) await delay(50);
  }
}

/** Whether the lock counts. This very process does, even when its owner is gone: it must not end itself. */
function holds(record: RunRecord): boolean {
  return record.process.pid === process.pid ? isAlive(record.process) : isRunning(record);
}

/** Creates the file with its whole content at once, unless it is there already. */
function createLock(file: string, record: RunRecord): boolean {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(draft, JSON.stringify(record));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Ends a dead run and removes its lock. Of several that try, one may: the one that holds the lock named after
 * the dead lock's content. Otherwise the second could remove what the first has just claimed.
 *
 * @returns false when another process is at it.
 */
async function clearAway(file: string, dead: LockContent, self: RunRecord): Promise<boolean> {
  const right = `${file}.${dead.hash}`;
  try {
    await acquire(right, self);
  } catch (error) {
    if (error instanceof LocalError && error.code === "already-running") return false;
    throw error;
  }
  try {
    if (readLock(file)?.hash !== dead.hash) return true;
    if (dead.record !== undefined) {
      await endProcess(dead.record.process);
      await killMarked(dead.record.runId);
    }
    rmSync(file, { force: true });
    return true;
  } finally {
    rmSync(right, { force: true });
  }
}

function release(file: string, runId: string): void {
  if (readLock(file)?.record?.runId === runId) rmSync(file, { force: true });
}

function alreadyRunning({ process: { pid } }: RunRecord): LocalError {
  return new LocalError(
    "already-running",
    `The local world of this folder is already running (process ${pid}). Stop it with Ctrl-C in its terminal or with: kill ${pid}`,
  );
}
