import { closeSync, openSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerFolder } from "../../infra/caller-folder.ts";
import { UsageError } from "../usage-error.ts";

/** A file that is written while a command runs. */
export interface OutputFile {
  readonly write: (text: string) => void;
  readonly close: () => void;
}

/**
 * Opens it before the work begins, so that a wrong name shows at once. Only its owner may read it: it names people.
 *
 * @throws UsageError `output-not-writable`.
 */
export function outputFile(option: string, file: string): OutputFile {
  let descriptor: number;
  try {
    descriptor = openSync(resolve(callerFolder(), file), "w", 0o600);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError("output-not-writable", `${option} ${file} cannot be written: ${why}.`, { cause });
  }
  return {
    write: (text) => writeFileSync(descriptor, text),
    close: () => closeSync(descriptor),
  };
}
