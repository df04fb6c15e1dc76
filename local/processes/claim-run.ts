import { createHash, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pollUntil } from "../../lib/concurrency.ts";
import { LocalError } from "../../lib/errors.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "../../lib/process-identity.ts";
import { findOwner } from "../../lib/watch-owner.ts";
import { killMarked, newRunId, runIdPattern } from "./marked-processes.ts";

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

/** What the lock file of a run says. */
interface RunRecord {
  readonly runId: string;
  readonly process: ProcessIdentity;
  /** The process for which the run goes, npm as a rule; when it is gone, the run is to end. */
  readonly owner: ProcessIdentity;
}

/** A lock file as it was read; `record` is undefined if the file is not ours. */
interface LockContent {
  readonly record: RunRecord | undefined;
  /** Tells this content from every other one. */
  readonly hash: string;
}

/** Reads a lock file; undefined when there is none. */
function readLock(file: string): LockContent | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  return { record: parseRecord(text), hash: createHash("sha256").update(text).digest("hex").slice(0, 16) };
}

/** Whether the run is still going: it lives, and so does what it runs for. */
function isRunning({ process, owner }: RunRecord): boolean {
  return isAlive(process) && isAlive(owner);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parseRecord(text: string): RunRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is RunRecord {
  const { runId, process, owner } = (value ?? {}) as Partial<Record<keyof RunRecord, unknown>>;
  return typeof runId === "string" && runIdPattern.test(runId) && isIdentity(process) && isIdentity(owner);
}

function isIdentity(value: unknown): value is ProcessIdentity {
  const { pid, startedAt } = (value ?? {}) as Partial<Record<keyof ProcessIdentity, unknown>>;
  return Number.isInteger(pid) && typeof startedAt === "string";
}

interface EndOptions {
  /** How long it has for a clean end before SIGKILL, in milliseconds. */
  readonly graceMs?: number;
}

/**
 * Ends that very process: SIGTERM, a bounded wait, SIGKILL.
 *
 * @throws LocalError `processes-left` when it survives even that.
 */
async function endProcess(identity: ProcessIdentity, { graceMs = 5000 }: EndOptions = {}): Promise<void> {
  if (await endsAfter(identity, "SIGTERM", graceMs)) return;
  if (await endsAfter(identity, "SIGKILL", 5000)) return;
  throw new LocalError(
    "processes-left",
    `Process ${identity.pid} of an earlier run cannot be killed. See what it waits for (ps -o pid,stat,wchan), then try again.`,
  );
}

async function endsAfter(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  withinMs: number,
): Promise<boolean> {
  if (!isAlive(identity)) return true;
  try {
    process.kill(identity.pid, signal);
  } catch {
    // It ended by itself meanwhile.
  }
  return pollUntil(() => !isAlive(identity), { withinMs });
}
