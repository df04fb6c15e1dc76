import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { replaceFileSync } from "../../lib/durable-file.ts";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { takeLock } from "../../lib/lock.ts";
import { isPidInUse } from "../../lib/process-identity.ts";
import { stateFolder } from "../state-folder.ts";

/** Where the runs over a tenant's users are noted until they end, beside the journal. */
export function bulkFolder(domain: string, env: Environment): string {
  return join(stateFolder(env), "bulk", domain);
}

/**
 * A folder for as long as this process lives. Those of processes that were killed are removed.
 *
 * @throws ExpectedError `state-not-writable`.
 */
export function scratchFolder(parent: string): string {
  try {
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(parent)) {
      const pid = /^scratch-(\d+)-/.exec(name)?.[1];
      if (pid === undefined) continue;
      // One with this process's own id is of an earlier process.
      const isLeft = Number(pid) === process.pid || !isPidInUse(Number(pid));
      if (isLeft) rmSync(join(parent, name), { recursive: true, force: true });
    }
    return mkdtempSync(join(parent, `scratch-${process.pid}-`));
  } catch (cause) {
    throw notWritable(parent, cause);
  }
}

const fullDisk = ["ENOSPC", "EDQUOT", "EROFS"];

/** What it means for people that the disk is full; anything else is given back as it is. */
export function stateFailure(parent: string, error: unknown): unknown {
  if (error instanceof ExpectedError) return error;
  const isFull = fullDisk.includes(String((Object(error) as NodeJS.ErrnoException).code));
  return isFull ? notWritable(parent, error) : error;
}

function notWritable(parent: string, cause: unknown): ExpectedError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `${parent} cannot be written: ${why}. Make room there, or set XDG_STATE_HOME to a folder that you can write to.`;
  return new ExpectedError("state-not-writable", message, { cause });
}

/** When the run of this folder began: now, for a new one. */
export function startOfRun(folder: string, now: Date): Date {
  const file = join(folder, "run.json");
  try {
    const { startedAt } = JSON.parse(readFileSync(file, "utf8")) as { readonly startedAt: string };
    return new Date(startedAt);
  } catch {
    replaceFileSync(file, JSON.stringify({ startedAt: now.toISOString() }), { mode: 0o600 });
    return now;
  }
}

/**
 * Makes a folder this process's own, for its owner's eyes only, until what is returned is called. A process that was
 * killed has none.
 *
 * @throws ExpectedError `run-under-way` where a living process has it.
 */
export function claimFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(folder, "lock"));
  if (!("heldBy" in lock)) return lock.release;
  const { process, file } = lock.heldBy;
  const message =
    `Process ${process?.pid ?? "unknown"} is at work on many users of this tenant. Wait for its end. ` +
    `If it is none of these commands, remove ${file}.`;
  throw new ExpectedError("run-under-way", message);
}
