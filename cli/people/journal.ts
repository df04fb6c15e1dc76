import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { ExpectedError } from "../../infra/expected-error.ts";
import { given, type Environment } from "../environment.ts";
import { parseJournalLine, type JournalEntry, type JournalFailure } from "./journal-entry.ts";

/** What these commands wrote to one tenant from this machine. */
export interface Journal {
  /** @throws ExpectedError `journal-not-writable`. */
  readonly append: (entry: JournalEntry | JournalFailure) => void;
  /** The oldest first; those that failed are left out. */
  readonly entries: () => JournalEntry[];
  /** Takes the values before out of a user's entries; the hashes stay. */
  readonly forget: (user: string) => void;
}

/**
 * The journal of a tenant: a file for each month in `$XDG_STATE_HOME/auth0-user-pictures/journal/<domain>/`, for its
 * owner's eyes only. Each write is noted before it is sent, so that none is ever without a line.
 */
export function openJournal(domain: string, env: Environment): Journal {
  const folder = join(stateHome(env), "auth0-user-pictures", "journal", domain);
  return {
    append: (entry) => {
      writing(folder, () => {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const file = join(folder, `${entry.at.slice(0, 7)}.ndjson`);
        appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
      });
    },
    entries: () => withoutFailed(files(folder).flatMap((file) => linesOf(file).map(parseJournalLine))),
    forget: (user) => {
      writing(folder, () => files(folder).forEach((file) => rewriteWithout(file, user)));
    },
  };
}

/** By the XDG Base Directory Specification, which has relative paths ignored. */
function stateHome(env: Environment): string {
  const named = given(env, "XDG_STATE_HOME");
  return named !== undefined && isAbsolute(named) ? named : join(homedir(), ".local", "state");
}

function writing(folder: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The journal in ${folder} cannot be written, so nothing was changed: ${why}. Set XDG_STATE_HOME to a folder of yours.`;
    throw new ExpectedError("journal-not-writable", message, { cause });
  }
}

function files(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".ndjson"));
    return names.sort().map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

function withoutFailed(lines: readonly (JournalEntry | JournalFailure | undefined)[]): JournalEntry[] {
  const failed = new Set(lines.map((line) => (line !== undefined && "failed" in line ? line.failed : "")));
  return lines.filter(
    (line): line is JournalEntry => line !== undefined && "id" in line && !failed.has(line.id),
  );
}

function rewriteWithout(file: string, user: string): void {
  const lines = linesOf(file);
  const kept = lines.map((line) => {
    const entry = parseJournalLine(line);
    if (entry === undefined || !("id" in entry) || entry.user !== user) return line;
    const { before: _before, ...rest } = entry;
    return JSON.stringify(rest);
  });
  if (kept.every((line, index) => line === lines[index])) return;
  const next = `${file}.next`;
  writeFileSync(next, kept.map((line) => `${line}\n`).join(""), { mode: 0o600 });
  renameSync(next, file);
}
