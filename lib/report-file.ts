import { closeSync, lstatSync, openSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { openReplacement, type Replacement } from "./durable-file.ts";
import { callerFolder } from "./environment.ts";
import { ExpectedError, UsageError } from "./errors.ts";
import { writeAll } from "./write-all.ts";

/** A file that a report goes to, piece by piece; only its owner may read it, since it names people. */
export interface ReportFile {
  /** @throws ExpectedError `report-not-written`. */
  readonly write: (text: string) => void;
  /** Puts it in its place, where a power cut leaves it; until then a former report stays there. @throws ExpectedError `report-not-written`. */
  readonly finish: () => void;
  /** Leaves nothing of a report that is not finished; does nothing for one that is. */
  readonly drop: () => void;
}

const bufferedCharacters = 65_536;

/**
 * Opens the file before the work that fills it: a wrong name shows at once. What is not a regular file, such as a pipe or
 * `/dev/stdout`, is written to as it is.
 *
 * @param option The one that named the file, for the message.
 * @throws UsageError `report-file-not-writable`.
 */
export function openReportFile(option: string, name: string): ReportFile {
  const path = resolve(callerFolder(), name);
  const file = opened(option, name, path);
  let buffered = "";
  const flush = () => {
    file.write(buffered);
    buffered = "";
  };
  return {
    write: (text) => {
      buffered += text;
      if (buffered.length > bufferedCharacters) writing(option, name, flush);
    },
    finish: () => {
      writing(option, name, () => {
        flush();
        file.finish();
      });
    },
    drop: file.drop,
  };
}

/**
 * Two reports in one file would be none.
 *
 * @param names By option.
 * @throws UsageError `report-files-equal`.
 */
export function refuseEqualReportFiles(names: Readonly<Record<string, string | undefined>>): void {
  const options = new Map<string, string>();
  for (const [option, name] of Object.entries(names)) {
    if (name === undefined) continue;
    const path = realPath(resolve(callerFolder(), name));
    const other = options.get(path);
    if (other !== undefined) {
      const message = `${other} and ${option} name the same file, ${name}. Name one for each.`;
      throw new UsageError("report-files-equal", message);
    }
    options.set(path, option);
  }
}

/** Also of a file that is not there yet. */
function realPath(path: string): string {
  for (const find of [() => realpathSync(path), () => join(realpathSync(dirname(path)), basename(path))]) {
    try {
      return find();
    } catch {
      continue;
    }
  }
  return path;
}

function opened(option: string, name: string, path: string): Replacement {
  try {
    return isWrittenDirectly(path) ? directly(path) : openReplacement(path, { mode: 0o600 });
  } catch (cause) {
    const message = `${option} ${name} cannot be written (${codeOf(cause)}). Name a file in a folder that you can write to.`;
    throw new UsageError("report-file-not-writable", message, { cause });
  }
}

function directly(path: string): Replacement {
  const descriptor = openSync(path, "a");
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
  return {
    write: (text) => {
      writeAll(descriptor, Buffer.from(text));
    },
    finish: close,
    drop: close,
  };
}

/** A folder is, too, and fails at once. */
function isWrittenDirectly(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  // Where a shell sends the output into a file, /dev/stdout is a link to that.
  return !found.isFile() || (/^\/(dev|proc)\//.test(path) && lstatSync(path).isSymbolicLink());
}

function writing(option: string, name: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    const message = `${option} ${name} could not be written completely (${codeOf(cause)}). Make room there or name another file, then try again.`;
    throw new ExpectedError("report-not-written", message, { cause });
  }
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? "no reason given";
}
