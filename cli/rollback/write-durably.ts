import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { ExpectedError } from "../../infra/expected-error.ts";

/**
 * Replaces a file as a whole: whoever reads it, also after a crash, finds the old content or the new one.
 *
 * @throws ExpectedError `pins-not-writable`.
 */
export function writeDurably(file: string, text: string): void {
  const temporary = `${file}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    const fd = openSync(temporary, "w");
    try {
      writeSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("pins-not-writable", `${file} cannot be written: ${why}.`, { cause });
  }
}
