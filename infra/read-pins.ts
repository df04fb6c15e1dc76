import { existsSync, readFileSync } from "node:fs";
import { actionList } from "./action-list.ts";
import { codeHash } from "./code-hash.ts";
import { ExpectedError } from "./expected-error.ts";
import type { PinFiles } from "./pin-files.ts";
import type { ActionDependency, Pin, PinRecord } from "./pin.ts";

/** A stack's pins, in the order of the Actions. */
export interface Pins {
  readonly pins: readonly Pin[];
  /** By the Action's name: the id of the version that was pinned and that the source may replace. */
  readonly released: Readonly<Record<string, string>>;
}

/**
 * Reads a stack's pins. None is no error.
 *
 * @throws ExpectedError `rollback-unfinished` where one was interrupted, `pin-broken` where a file of a pin is missing,
 *   unreadable, or not what the other describes.
 */
export function readPins(files: PinFiles): Pins {
  if (existsSync(files.unfinished)) {
    const message =
      `A rollback was interrupted (${files.unfinished}): what the tenant runs is not pinned yet. ` +
      "Run the same pictures rollback again, it finishes. To give it up, remove that file.";
    throw new ExpectedError("rollback-unfinished", message);
  }
  const pins = actionList.flatMap(({ name }) => readPin(files, name) ?? []);
  return { pins, released: readReleased(files) };
}

/** @throws ExpectedError `pin-broken`. */
export function readPin(files: PinFiles, action: string): Pin | undefined {
  const [codeFile, recordFile] = [files.code(action), files.record(action)];
  const present = [codeFile, recordFile].filter((file) => existsSync(file));
  if (present.length === 0) return undefined;
  if (present.length === 1) {
    const missing = present[0] === codeFile ? recordFile : codeFile;
    throw broken(action, `${missing} is missing`);
  }
  const code = readFileSync(codeFile, "utf8");
  const record = asRecord(readJson(recordFile));
  if (record === undefined) throw broken(action, `${recordFile} is no record of a pin`);
  if (codeHash(code) !== record.codeHash) throw broken(action, `${codeFile} is not the code that was pinned`);
  return { ...record, action, code };
}

/** The versions that `pictures unpin` set free, by the Action's name. */
export function readReleased(files: PinFiles): Record<string, string> {
  const entries = Object.entries(Object(readJson(files.released)) as Record<string, unknown>);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): PinRecord | undefined {
  const record = Object(value) as Partial<Record<keyof PinRecord, unknown>>;
  const { version, codeHash: hash, runtime, dependencies, pinnedAt, deployed, replaced } = record;
  const isRecord =
    typeof version === "number" &&
    [hash, runtime, pinnedAt].every((text) => typeof text === "string") &&
    Array.isArray(dependencies) &&
    dependencies.every(isDependency) &&
    [deployed, replaced].every((part) => typeof part === "object" && part !== null);
  return isRecord ? (record as PinRecord) : undefined;
}

function isDependency(value: unknown): value is ActionDependency {
  const { name, version } = Object(value) as Partial<ActionDependency>;
  return typeof name === "string" && typeof version === "string";
}

function broken(action: string, why: string): ExpectedError {
  const message =
    `The pin of Action ${action} is broken: ${why}. Take both files from the commit that pinned it, or make it anew: ` +
    `pictures rollback ${action} --to NUMBER. To go back to the source: pictures unpin ${action}.`;
  return new ExpectedError("pin-broken", message);
}
