import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import type { Readable } from "node:stream";
import { callerFolder } from "../../infra/caller-folder.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { UsageError } from "../usage-error.ts";
import { bulkFormats, type BulkFormat } from "./read-rows.ts";

export interface OpenedFile {
  readonly input: Readable;
  readonly format: BulkFormat;
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
  if (name === "-") return { input: process.stdin, format: known };
  const path = resolve(callerFolder(), name);
  const found = await stat(path).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("file-unreadable", `${name} cannot be read: ${why}.`, { cause });
  });
  if (!found.isDirectory()) return { input: createReadStream(path), format: known };
  throw new ExpectedError("file-unreadable", `${name} cannot be read: it is a folder.`);
}
