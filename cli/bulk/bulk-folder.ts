import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { replaceFileSync } from "../../lib/durable-file.ts";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { takeLock } from "../../lib/lock.ts";
import { isPidInUse } from "../../lib/process-identity.ts";
import { stateFolder, stateNotWritable } from "../state-folder.ts";

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
    throw stateNotWritable(parent, cause);
  }
}

const fullDisk = ["ENOSPC", "EDQUOT", "EROFS"];

/** What it means for people that the disk is full; anything else is given back as it is. */
export function stateFailure(parent: string, error: unknown): unknown {
  if (error instanceof ExpectedError) return error;
  const isFull = fullDisk.includes(String((Object(error) as NodeJS.ErrnoException).code));
  return isFull ? stateNotWritable(parent, error) : error;
}

/** What the folder of a run that has not come to its end says of it. */
export interface RunNote {
  readonly startedAt: Date;
  /** The run that it takes back, where it is an undo. */
  readonly undoes: string | undefined;
}

/**
 * When the run of this folder began: now, for a new one.
 *
 * @param undoes The run that a new one takes back.
 */
export function startOfRun(folder: string, now: Date, undoes?: string): Date {
  const noted = readRunNote(folder);
  if (noted !== undefined) return noted.startedAt;
  const note = { startedAt: now.toISOString(), ...(undoes === undefined ? {} : { undoes }) };
  replaceFileSync(noteFile(folder), JSON.stringify(note), { mode: 0o600 });
  return now;
}

/** Undefined where the folder has none, or one that was cut off. */
export function readRunNote(folder: string): RunNote | undefined {
  try {
    const { startedAt, undoes } = JSON.parse(readFileSync(noteFile(folder), "utf8")) as {
      readonly startedAt: string;
      readonly undoes?: string;
    };
    return { startedAt: new Date(startedAt), undoes };
  } catch {
    return undefined;
  }
}

function noteFile(folder: string): string {
  return join(folder, "run.json");
}

/** The same for all processes of a run, and another one for a later run of the same folder. */
export function runId(folder: string, startedAt: Date): string {
  return `${basename(folder)}-${startedAt.getTime().toString(36)}`;
}

/** The folder of a run while it has not come to its end; undefined for one that has, or was given up. */
export function unfinishedFolder(parent: string, run: string): string | undefined {
  const folder = join(parent, basename(run.split("-")[0] ?? ""));
  const note = readRunNote(folder);
  return note !== undefined && runId(folder, note.startedAt) === run ? folder : undefined;
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
