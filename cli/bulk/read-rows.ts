import { createReadStream, open } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { promisify } from "node:util";
import { callerFolder } from "../../lib/environment.ts";
import { ExpectedError, UsageError } from "../../lib/errors.ts";
import { isRecord } from "../../lib/json.ts";
import { checkedText, type TextFault } from "../../lib/text-encoding.ts";
import type { LineProblem } from "./bulk-change.ts";
import { csvRows } from "./csv-rows.ts";
import { encodingProblem, longestRecord, plainValue, rowColumns, type BulkRow } from "./row.ts";

export const bulkFormats = ["csv", "ndjson"] as const;

export type BulkFormat = (typeof bulkFormats)[number];

/**
 * The file's records as they come: CSV with a first line of column names (`user`, `action`, `url`, `reason`, the last two
 * as needed), or a JSON object on each line; in UTF-8 or UTF-16. Constant memory.
 *
 * @throws ExpectedError `columns-unknown` or `columns-missing` for a CSV whose first line is not such a one;
 * `file-unreadable`.
 */
export async function* readRows(input: Readable, format: BulkFormat): AsyncGenerator<BulkRow | LineProblem> {
  try {
    yield* format === "csv" ? csvRows(bytesOf(input)) : jsonRows(bytesOf(input));
  } catch (cause) {
    if (typeof (Object(cause) as { syscall?: unknown }).syscall !== "string") throw cause;
    throw new ExpectedError("file-unreadable", `The file cannot be read: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

async function* bytesOf(input: Readable): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of input as AsyncIterable<Buffer | string>) yield Buffer.from(chunk as Buffer);
}

async function* jsonRows(
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<BulkRow | LineProblem, void, undefined> {
  let fault: TextFault | undefined;
  const text = checkedText(input, (found) => (fault = found));
  let line = 0;
  let isFirst = true;
  for await (const { content, line: number } of textLines(text)) {
    line = number;
    // The beginning of a line that is not text.
    if (line === fault?.line) break;
    if (content === "") continue;
    const other = isFirst ? otherForm(content) : undefined;
    isFirst = false;
    if (other !== undefined) {
      yield { line, code: "json-malformed", message: other };
      return;
    }
    yield jsonRow(line, content);
  }
  if (fault !== undefined) yield encodingProblem(fault);
}

/** How files that are not NDJSON begin, though all of them are JSON: told once, not for each line. */
function otherForm(first: string): string | undefined {
  const why = first.startsWith("[")
    ? "The file is a JSON array. Write each of its objects on a line of its own"
    : first === "{"
      ? "The file has objects over several lines. Write each on one line"
      : undefined;
  const command = first.startsWith("[") ? "jq -c '.[]' FILE > NEW-FILE" : "jq -c . FILE > NEW-FILE";
  return why && `${why}, with jq for example: ${command}`;
}

function jsonRow(line: number, text: string): BulkRow | LineProblem {
  if (text.length > longestRecord) {
    return { line, code: "line-too-long", message: `It has more than ${longestRecord} characters.` };
  }
  const fields = parsedObject(text);
  if (fields === undefined) {
    return { line, code: "json-malformed", message: "It is not a JSON object on one line." };
  }
  const unknown = Object.keys(fields).find((name) => !rowColumns.includes(name));
  if (unknown === undefined) return { line, fields: withPlainValues(fields) };
  const message = `The field ${JSON.stringify(unknown.slice(0, 40))} is unknown. The fields are ${rowColumns.join(", ")}.`;
  return { line, code: "field-unknown", message };
}

/** A JSON text is what it says; but ids and URLs made from a CSV file may have kept its apostrophes. */
function withPlainValues(fields: BulkRow["fields"]): BulkRow["fields"] {
  const plain = Object.entries(fields).map(([name, value]) =>
    typeof value === "string" && name !== "reason" ? [name, plainValue(value)] : [name, value],
  );
  return Object.fromEntries(plain) as BulkRow["fields"];
}

function parsedObject(text: string): BulkRow["fields"] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Of a line without an end no more is kept than makes it too long. White space and byte order marks around do not count. */
async function* textLines(
  text: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly line: number; readonly content: string }, void, undefined> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let line = 0;
  for await (const chunk of text) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split("\n");
    rest = (lines.pop() ?? "").slice(0, longestRecord + 1);
    for (const each of lines) yield { line: (line += 1), content: each.trim() };
  }
  yield { line: line + 1, content: rest.trim() };
}

interface OpenedFile {
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
      "The file's name does not say whether it is CSV or NDJSON: add --format csv or --format ndjson.";
    throw new UsageError("format-missing", message);
  }
  if (name === "-") return { input: process.stdin, format: known, path: undefined };
  const path = resolve(callerFolder(), name);
  try {
    if ((await stat(path)).isDirectory()) throw new Error("it is a folder");
    // Opened here: afterwards the stream's only errors are those of reading.
    const fd = await promisify(open)(path, "r");
    return { input: createReadStream(path, { fd }), format: known, path };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("file-unreadable", `${name} cannot be read: ${why}.`, { cause });
  }
}
