import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { envVar, type Environment } from "../lib/environment.ts";
import { ExpectedError } from "../lib/errors.ts";
import { sha256 } from "../lib/hash.ts";
import { projectRoot } from "../lib/project.ts";
import { actionList } from "./actions.ts";
import type { ActionBundle } from "./bundle-actions.ts";

/** What `pins/<stack>/<action>.json` holds. */
export interface PinRecord {
  /** The number of the version that was rolled back to. */
  readonly version: number;
  /** SHA-256 of the code beside it, in hexadecimal. */
  readonly codeHash: string;
  readonly runtime: string;
  /** The npm modules that the Action may require. */
  readonly dependencies: readonly { readonly name: string; readonly version: string }[];
  /** ISO 8601, UTC. */
  readonly pinnedAt: string;
  /** The version that Auth0 made of it and that was deployed then; it has an id of its own. */
  readonly deployed: { readonly id: string; readonly number: number };
  /** What ran before. */
  readonly replaced: { readonly number: number; readonly codeHash: string };
  /** The hash of the program's code and sources for this Action then; absent where the program did not build. */
  readonly program?: { readonly codeHash: string; readonly sourceHash: string };
}

/** A version of an Action that every run uses instead of the source. */
export interface Pin extends PinRecord {
  readonly action: string;
  readonly code: string;
}

/** Where a stack's pins are: the code and the record of each pinned Action, and two files for all of them. */
export interface PinFiles {
  readonly folder: string;
  readonly code: (action: string) => string;
  readonly record: (action: string) => string;
  /** What a rollback under way is about to do. Never committed. */
  readonly unfinished: string;
  /** The versions that were pinned once and may be replaced by the source. */
  readonly released: string;
}

/**
 * @param stack Its own name, without organization and project.
 * @param env `PICTURES_STACK_FOLDER` is a local world's folder, which holds its stack's file and pins.
 */
export function pinFiles(stack: string, env: Environment): PinFiles {
  const folder = join(envVar(env, "PICTURES_STACK_FOLDER") ?? projectRoot, "pins", stack);
  return {
    folder,
    code: (action) => join(folder, `${action}.js`),
    record: (action) => join(folder, `${action}.json`),
    unfinished: join(folder, "rollback.unfinished.json"),
    released: join(folder, "released.json"),
  };
}

/** A stack's pins, in the order of the Actions. */
export interface Pins {
  readonly pins: readonly Pin[];
  /** By the Action's name: the id of the version that was pinned and that the source may replace. */
  readonly released: Readonly<Record<string, string>>;
}

/**
 * Reads a stack's pins. A stack without pins is not an error.
 *
 * @throws ExpectedError `rollback-unfinished` where one was interrupted, `pin-broken` where a file of a pin is missing,
 *   unreadable, or not what the other describes.
 */
export function readPins(files: PinFiles): Pins {
  if (existsSync(files.unfinished)) {
    const message =
      `A rollback was interrupted (${files.unfinished}): what the tenant runs is not pinned yet. ` +
      "Run the same pictures rollback again to finish it. To cancel it, remove that file.";
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
  if (record === undefined) throw broken(action, `${recordFile} is not the record of a pin`);
  if (sha256(code) !== record.codeHash) throw broken(action, `${codeFile} is not the code that was pinned`);
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

function isDependency(value: unknown): boolean {
  const { name, version } = Object(value) as { name?: unknown; version?: unknown };
  return typeof name === "string" && typeof version === "string";
}

function broken(action: string, why: string): ExpectedError {
  const message =
    `The pin of Action ${action} is broken: ${why}. Restore both files from the commit that pinned it, or pin it again: ` +
    `pictures rollback ${action} --to NUMBER. To go back to the source: pictures unpin ${action}.`;
  return new ExpectedError("pin-broken", message);
}

/** An Action as a run deploys it. */
export interface ProgramAction extends ActionBundle {
  readonly runtime: string;
  readonly dependencies: PinRecord["dependencies"];
}

/** What the sources are bundled for. */
const sourceRuntime = "node22";

/** The Actions from the source; a pinned one as its pin says. */
export function programActions(bundles: readonly ActionBundle[], pins: readonly Pin[]): ProgramAction[] {
  return bundles.map(({ name, code }) => {
    const pin = pins.find(({ action }) => action === name);
    if (pin === undefined) return { name, code, runtime: sourceRuntime, dependencies: [] };
    return { name, code: pin.code, runtime: pin.runtime, dependencies: pin.dependencies };
  });
}
