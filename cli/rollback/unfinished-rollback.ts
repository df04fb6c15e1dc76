import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { ActionVersion } from "../../auth0/actions-api.ts";
import { removeLeftDrafts, replaceFileSync } from "../../lib/durable-file.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { readReleased, type PinFiles, type PinRecord } from "../../stack/pins.ts";

/** A version as a rollback remembers it. */
export interface KnownVersion {
  readonly id: string;
  readonly number: number;
  readonly codeHash: string;
}

/** What a rollback does to one Action. */
export interface RollbackStep {
  readonly action: string;
  /** Auth0's id of the Action. */
  readonly actionId: string;
  /** What ran when it began. */
  readonly from: KnownVersion;
  readonly target: KnownVersion;
}

export interface UnfinishedRollback {
  /** `--to NUMBER`, `--to-source COMMIT`, or `` for the version before. */
  readonly asked: string;
  readonly steps: readonly RollbackStep[];
}

export function knownVersion({ id, number, codeHash }: ActionVersion): KnownVersion {
  return { id, number, codeHash };
}

/**
 * Says what is about to be done before it is done. A process that is killed leaves it, and the next one goes on from there;
 * until then no program run takes the tenant's state for finished.
 */
export function writeUnfinished(files: PinFiles, rollback: UnfinishedRollback): void {
  replacePinFile(files.unfinished, noteOf(rollback));
}

/** Removes the note of this rollback, and not one that another command put in its place, which shares no lock with this one. */
export function removeUnfinished(files: PinFiles, rollback: UnfinishedRollback): void {
  if (textOf(files.unfinished) === noteOf(rollback)) rmSync(files.unfinished, { force: true });
}

function noteOf(rollback: UnfinishedRollback): string {
  return `${JSON.stringify(rollback, null, 2)}\n`;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** @throws ExpectedError `rollback-file-broken`. */
export function readUnfinished(files: PinFiles): UnfinishedRollback | undefined {
  const text = textOf(files.unfinished);
  if (text === undefined) return undefined;
  try {
    const rollback = JSON.parse(text) as UnfinishedRollback;
    if (Array.isArray(rollback.steps) && typeof rollback.asked === "string") return rollback;
  } catch {
    // Said below.
  }
  const message = `${files.unfinished} cannot be read. Remove it, then roll back with --to and the version's number.`;
  throw new ExpectedError("rollback-file-broken", message);
}

/**
 * Whether a command line means the rollback that was interrupted. One that names no version means it too.
 *
 * @throws ExpectedError `rollback-unfinished` where it asks for another one.
 */
export function resumes(
  { asked, steps }: UnfinishedRollback,
  actions: readonly string[],
  now: string,
): boolean {
  const begun = steps.map(({ action }) => action);
  if (begun.join() === actions.join() && (now === asked || now === "")) return true;
  const subject = begun.length === 1 ? (begun[0] ?? "") : "--all";
  const line = ["pictures rollback", subject, asked].filter((word) => word !== "").join(" ");
  throw new ExpectedError(
    "rollback-unfinished",
    `A rollback was interrupted. Finish it first: ${line}. To cancel it, remove rollback.unfinished.json beside the pins.`,
  );
}

/**
 * Writes both files of a pin. Call it while the unfinished rollback stands: between the two nothing else may read them.
 *
 * @returns Puts the former pin there again, or none, unless another command has written one since.
 */
export function writePin(files: PinFiles, action: string, code: string, record: PinRecord): () => void {
  const [codeFile, recordFile] = [files.code(action), files.record(action)];
  const former = [codeFile, recordFile].map((file) => [file, textOf(file)] as const);
  const recordText = `${JSON.stringify(record, null, 2)}\n`;
  replacePinFile(codeFile, code);
  replacePinFile(recordFile, recordText);
  return () => {
    if (textOf(recordFile) !== recordText) return;
    for (const [file, text] of former) {
      if (text === undefined) rmSync(file, { force: true });
      else replacePinFile(file, text);
    }
  };
}

/**
 * Removes a pin, and notes the deployed version that it stood for: the next run may replace exactly that one. The record
 * goes first, since code without one is told as a broken pin, which can be unpinned again.
 */
export function removePin(files: PinFiles, action: string, versionId: string | undefined): void {
  if (versionId !== undefined) {
    const released = { ...readReleased(files), [action]: versionId };
    replacePinFile(files.released, `${JSON.stringify(released, null, 2)}\n`);
  }
  rmSync(files.record(action), { force: true });
  rmSync(files.code(action), { force: true });
}

/** @throws ExpectedError `pins-not-writable`; the former file stays then. */
function replacePinFile(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    // They would be committed with the pins.
    removeLeftDrafts(file);
    replaceFileSync(file, text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("pins-not-writable", `${file} cannot be written: ${why}.`, { cause });
  }
}
