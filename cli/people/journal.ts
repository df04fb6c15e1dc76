import { closeSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { lineWriter, readLines } from "../../lib/lines.ts";
import { writeAll } from "../../lib/write-all.ts";
import { stateFolder } from "../state-folder.ts";
import { pictureKeys, type PictureKey } from "./picture-change.ts";

/** What these commands wrote to one tenant from this machine. */
export interface Journal {
  /** @throws ExpectedError `journal-not-writable`. */
  readonly append: (...entries: readonly JournalLine[]) => void;
  /**
   * Those of a user, the oldest first, or of everybody; those that failed are left out. Of everybody's, a run over many
   * users is one entry: its last.
   */
  readonly entries: (user?: string) => JournalEntry[];
  /**
   * Every line, the oldest first, with its place; one is in memory at a time.
   *
   * @param holding What a line must hold to be parsed at all.
   */
  readonly lines: (holding?: string) => Generator<PlacedLine, void, undefined>;
  /** Takes the values before out of a user's entries, in their places; the hashes stay. */
  readonly forget: (user: string) => void;
}

/** A line, and where it begins in which file: it stays there. */
export interface PlacedLine {
  readonly line: JournalLine;
  readonly file: string;
  /** In bytes. */
  readonly offset: number;
}

/**
 * The journal of a tenant: a file for each month in `$XDG_STATE_HOME/auth0-user-pictures/journal/<domain>/`, for its
 * owner's eyes only. Each write is noted before it is sent, so that none is ever without a line.
 */
export function openJournal(domain: string, env: Environment): Journal {
  const folder = join(journalsFolder(env), domain);
  return {
    append: (...entries) => {
      const [first] = entries;
      if (first === undefined) return;
      writing(folder, () => {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const lines = lineWriter(join(folder, `${first.at.slice(0, 7)}.ndjson`), "a");
        try {
          for (const entry of entries) lines.write(JSON.stringify(entry));
        } finally {
          lines.close();
        }
      });
    },
    entries: (user) => entriesOf(files(folder), user),
    lines: (holding) => journalLines(files(folder), holding),
    forget: (user) => {
      writing(folder, () => {
        for (const file of files(folder)) overwriteWithout(file, user);
      });
    },
  };
}

/** The tenants that this machine has a journal of. */
export function journalDomains(env: Environment): string[] {
  return namesIn(journalsFolder(env));
}

function journalsFolder(env: Environment): string {
  return join(stateFolder(env), "journal");
}

function writing(folder: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The journal in ${folder} cannot be written, so nothing more was changed: ${why}. Set XDG_STATE_HOME to a folder that you can write to.`;
    throw new ExpectedError("journal-not-writable", message, { cause });
  }
}

function files(folder: string): string[] {
  const names = namesIn(folder).filter((name) => name.endsWith(".ndjson"));
  return names.sort().map((name) => join(folder, name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Only what is asked for is kept in memory: a run over many users writes a line for each. */
function entriesOf(names: readonly string[], user: string | undefined): JournalEntry[] {
  const found = new Map<string, JournalEntry>();
  // First, since one that failed must not stand for the rest of its run.
  const failed = failedIds(names);
  for (const { line } of journalLines(names)) {
    if (!("id" in line) || failed.has(line.id)) continue;
    if (user === undefined || line.user === user) keepLatest(found, line, user === undefined);
  }
  return [...found.values()];
}

function failedIds(names: readonly string[]): Set<string> {
  const failed = new Set<string>();
  for (const { line } of journalLines(names, '"failed"')) if ("failed" in line) failed.add(line.failed);
  return failed;
}

/** A write of a run that was cut off may be noted twice, under the same id. */
function keepLatest(found: Map<string, JournalEntry>, entry: JournalEntry, oneForEachRun: boolean): void {
  const key = oneForEachRun ? (entry.run ?? entry.id) : entry.id;
  found.delete(key);
  found.set(key, entry);
}

function* journalLines(names: readonly string[], holding = ""): Generator<PlacedLine, void, undefined> {
  for (const file of names) {
    for (const { text, offset } of readLines(file)) {
      const line = text.includes(holding) ? parseJournalLine(text) : undefined;
      if (line !== undefined) yield { line, file, offset };
    }
  }
}

/**
 * In the lines' own places: a command that runs meanwhile goes on adding lines, and a file in another one's place would
 * lose them.
 */
function overwriteWithout(file: string, user: string): void {
  const descriptor = openSync(file, "r+");
  try {
    for (const { text, offset } of readLines(file)) {
      const entry = parseJournalLine(text);
      if (entry === undefined || !("id" in entry) || entry.user !== user) continue;
      const { before, ...rest } = entry;
      if (before !== undefined) writeAll(descriptor, padded(JSON.stringify(rest), text), offset);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** With spaces at its end, which JSON permits, as long as what it replaces. */
function padded(line: string, former: string): Buffer {
  const bytes = Buffer.alloc(Buffer.byteLength(former), " ");
  bytes.write(line);
  return bytes;
}

/** One line of the journal: what was about to be written. Nothing in it is an email. */
export interface JournalEntry {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly stack: string;
  readonly command: string;
  /** The Management API client's id. */
  readonly client: string;
  readonly user: string;
  /** What was changed. */
  readonly keys: readonly PictureKey[];
  /** SHA-256 of these keys' values. */
  readonly hashBefore: string;
  readonly hashAfter: string;
  /** The values before: what `undo` restores. Left out where nothing can be undone. */
  readonly before?: Readonly<Record<string, unknown>>;
  /** The id of the entry whose state this one restored. */
  readonly undoes?: string;
  /** Of a run over many users: what all its entries have in common. */
  readonly run?: string;
}

/** A later line, which says that Auth0 refused the write. */
interface JournalFailure {
  readonly at: string;
  /** The id of the entry. */
  readonly failed: string;
  /** The error's code. */
  readonly code: string;
}

/** A later line, which says that a run over many users came to its end. */
export interface JournalRunEnd {
  readonly at: string;
  /** The `run` of its entries. */
  readonly ended: string;
  /** How many users it changed. */
  readonly changed: number;
}

export type JournalLine = JournalEntry | JournalFailure | JournalRunEnd;

/** Reads a line; undefined for one that is not ours, such as the torn end of an interrupted write. */
export function parseJournalLine(line: string): JournalLine | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { id, failed, ended, user, keys, hashBefore, hashAfter } = Object(parsed) as Record<string, unknown>;
  if (typeof failed === "string") return parsed as JournalFailure;
  if (typeof ended === "string") return parsed as JournalRunEnd;
  const isEntry =
    [id, user, hashBefore, hashAfter].every((value) => typeof value === "string") &&
    Array.isArray(keys) &&
    keys.every((key: unknown) => (pictureKeys as readonly unknown[]).includes(key));
  return isEntry ? (parsed as JournalEntry) : undefined;
}
