import { createReadStream, open } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { callerFolder } from "../../infra/caller-folder.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { UsageError } from "../usage-error.ts";
import { bulkFormats, type BulkFormat } from "./read-rows.ts";

export interface OpenedFile {
  readonly input: Readable;
  readonly format: BulkFormat;
  /** Absolute; undefined for standard input. */
  readonly path: string | undefined;
}

/**
 * @param name `-` for standard input.
 * @throws ExpectedError `file-unreadable`, UsageError `format-missing`.
 */
export async function openFile(name: string, format: BulkFormat | undefined): Promise<OpenedFile> {
  const known = format ?? bulkFormats.find((each) => extname(name).toLowerCase() === `.${each}`);
  if (known === undefined) {
    const message =
      "Whether it is CSV or NDJSON does not show from the file's name: add --format csv or --format ndjson.";
    throw new UsageError("format-missing", message);
  }
  if (name === "-") return { input: process.stdin, format: known, path: undefined };
  const path = resolve(callerFolder(), name);
  try {
    if ((await stat(path)).isDirectory()) throw new Error("it is a folder");
    // Opened here: the stream has no other error left than those of whoever reads it.
    const fd = await promisify(open)(path, "r");
    return { input: createReadStream(path, { fd }), format: known, path };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("file-unreadable", `${name} cannot be read: ${why}.`, { cause });
  }
}
