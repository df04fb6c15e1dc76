import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pollUntil } from "../../lib/clock.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { readLock, takeLockAfter, type FoundLock } from "../../lib/lock.ts";
import { isAlive, isIdentity, ownIdentity, type ProcessIdentity } from "../../lib/process-identity.ts";
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
export function currentRun(folder: string): { readonly runId: string } | undefined {
  const run = runOf(readLock(join(folder, lockName)));
  return run !== undefined && isAlive(run.process) && isAlive(run.owner) ? { runId: run.runId } : undefined;
}

/**
 * Claims the folder for a new run, at most one at a time. What a killed run left behind is ended first, its
 * processes included.
 *
 * @throws ExpectedError `already-running` when a living run holds it, `processes-left` when remains cannot be ended.
 */
export async function claimRun(folder: string, options: ClaimOptions = {}): Promise<ClaimedRun> {
  const { runId = newRunId(), owner = findOwner() ?? ownIdentity() } = options;
  mkdirSync(folder, { recursive: true });
  const note: RunNote = { runId, owner };
  const lock = await takeLockAfter(join(folder, lockName), endLeftRun, { note, isHeld });
  if ("heldBy" in lock) throw alreadyRunning(lock.heldBy);
  return { runId, release: lock.release };
}

/** A run counts as long as it lives, and what it runs for too. This very process does either way: it must not end itself. */
function isHeld(found: FoundLock): boolean {
  const run = runOf(found);
  if (run === undefined || !isAlive(run.process)) return false;
  return run.process.pid === process.pid || isAlive(run.owner);
}

async function endLeftRun(left: FoundLock): Promise<void> {
  const run = runOf(left);
  if (run === undefined) return;
  await endProcess(run.process);
  await killMarked(run.runId);
}

function alreadyRunning({ process }: FoundLock): ExpectedError {
  const pid = process?.pid ?? 0;
  return new ExpectedError(
    "already-running",
    `The local world of this folder is already running (process ${pid}). Stop it with Ctrl-C in its terminal or with: kill ${pid}`,
  );
}

/** What a run notes in its lock. */
interface RunNote {
  readonly runId: string;
  /** The process for which the run goes, npm as a rule; when it is gone, the run is to end. */
  readonly owner: ProcessIdentity;
}

/** Undefined for a lock that is not a run's. */
function runOf(lock: FoundLock | undefined): (RunNote & { readonly process: ProcessIdentity }) | undefined {
  if (lock?.process === undefined) return undefined;
  const { runId, owner } = Object(lock.note) as Partial<Record<keyof RunNote, unknown>>;
  if (typeof runId !== "string" || !runIdPattern.test(runId) || !isIdentity(owner)) return undefined;
  return { runId, owner, process: lock.process };
}

interface EndOptions {
  /** How long it has for a clean end before SIGKILL, in milliseconds. */
  readonly graceMs?: number;
}

/**
 * Ends that very process: SIGTERM, a bounded wait, SIGKILL.
 *
 * @throws ExpectedError `processes-left` when it survives even that.
 */
async function endProcess(identity: ProcessIdentity, { graceMs = 5000 }: EndOptions = {}): Promise<void> {
  if (await endsAfter(identity, "SIGTERM", graceMs)) return;
  if (await endsAfter(identity, "SIGKILL", 5000)) return;
  throw new ExpectedError(
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
