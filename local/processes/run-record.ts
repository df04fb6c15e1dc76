import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";
import { runIdPattern } from "./run-mark.ts";

/** What the lock file of a run says. */
export interface RunRecord {
  readonly runId: string;
  readonly process: ProcessIdentity;
  /** The process for which the run goes, npm as a rule; when it is gone, the run is to end. */
  readonly owner: ProcessIdentity;
}

/** A lock file as it was read; `record` is undefined when it is none of ours. */
export interface LockContent {
  readonly record: RunRecord | undefined;
  /** Tells this content from every other one. */
  readonly hash: string;
}

/** Reads a lock file; undefined when there is none. */
export function readLock(file: string): LockContent | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  return { record: parseRecord(text), hash: createHash("sha256").update(text).digest("hex").slice(0, 16) };
}

/** Whether the run is still going: it lives, and so does what it runs for. */
export function isRunning({ process, owner }: RunRecord): boolean {
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
