import { createReadStream, open } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { promisify } from "node:util";
import { parse, type CsvError, type Parser } from "csv-parse";
import { callerFolder } from "../../lib/environment.ts";
import { ExpectedError, UsageError } from "../../lib/errors.ts";
import { visible } from "../../lib/terminal.ts";
import type { LineProblem } from "./bulk-change.ts";

export const bulkFormats = ["csv", "ndjson"] as const;

export type BulkFormat = (typeof bulkFormats)[number];

/** A record of the file, not yet checked. */
export interface BulkRow {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

const columns = ["user", "action", "url", "reason"];

/** Bytes of one record: a longer line is not valid, and would fill the memory. */
const longestRecord = 1 << 16;

/** Consecutive lines that are not CSV: after this many, reading stops. */
const mostSkipped = 1000;

/**
 * The file's records as they come: CSV with a first line of column names (`user`, `action`, `url`, `reason`, the last two
 * as needed), or a JSON object on each line.
 *
 * @throws ExpectedError `columns-unknown` or `columns-missing` for a CSV whose first line is not such a one;
 * `file-unreadable`.
 */
export async function* readRows(input: Readable, format: BulkFormat): AsyncGenerator<BulkRow | LineProblem> {
  try {
    yield* format === "csv" ? csvRows(input) : jsonRows(input);
  } catch (cause) {
    if (typeof (Object(cause) as { syscall?: unknown }).syscall !== "string") throw cause;
    throw new ExpectedError("file-unreadable", `The file cannot be read: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

async function* csvRows(input: Readable): AsyncGenerator<BulkRow | LineProblem> {
  const skipped: LineProblem[] = [];
  const parser = csvParser(input).on("skip", (error: CsvError) => {
    const line = Number(error["lines"] ?? 1);
    const isTooLong = error.code === "CSV_MAX_RECORD_SIZE";
    const isFirstOfLine = skipped.at(-1)?.line !== line || (isTooLong && !parser.writableEnded);
    if (isFirstOfLine && skipped.length < mostSkipped) skipped.push(csvProblem(line, error));
    // After a record that is too long, every character gives the same error; and after this many errors it is not CSV at all.
    if (!isTooLong && skipped.length < mostSkipped) return;
    input.unpipe(parser).destroy();
    if (!parser.writableEnded) parser.end();
  });
  let names: readonly string[] | undefined;
  for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
    // Counted at its end; a quoted value may go over several lines.
    const line = info.lines - record.join("").split("\n").length + 1;
    const isHeadless = names === undefined && skipped.some((problem) => problem.line < line);
    yield* skipped.splice(0);
    // The next first line does not name columns.
    if (isHeadless) return;
    if (names === undefined) names = checkedNames(record);
    else yield csvRow(line, record, names);
  }
  if (names === undefined && skipped.length === 0) checkedNames([]);
  yield* skipped;
}

function csvProblem(line: number, { code, message }: CsvError): LineProblem {
  if (code === "CSV_MAX_RECORD_SIZE") {
    const words = `It has more than ${longestRecord} bytes, or a quote that is not closed. Nothing after it was checked.`;
    return { line, code: "line-too-long", message: words };
  }
  const words = `It is not valid CSV: ${message.split(":")[0] ?? code}. Put a value with quotes in quotes, and double the quotes in it.`;
  return { line, code: "csv-malformed", message: words };
}

function csvParser(input: Readable): Parser {
  const parser = parse({
    bom: true,
    info: true,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: longestRecord,
  });
  input.on("error", (error) => parser.destroy(error));
  parser.on("close", () => input.destroy());
  return input.pipe(parser);
}

function checkedNames(record: readonly string[]): readonly string[] {
  const names = record.map((name) => name.trim().toLowerCase());
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const unknown = names.filter((name) => !columns.includes(name));
  if (unknown.length > 0 || twice.length > 0) {
    const which = [...unknown, ...twice].map((name) => visible(JSON.stringify(name.slice(0, 40)))).join(", ");
    const message = `Line 1 has unknown or repeated columns: ${which}. The columns are ${columns.join(", ")}.`;
    throw new ExpectedError("columns-unknown", message);
  }
  if (names.includes("user") && names.includes("action")) return names;
  throw new ExpectedError(
    "columns-missing",
    "Line 1 of a CSV file must name the columns: user, action and, if needed, url and reason.",
  );
}

function csvRow(line: number, record: readonly string[], names: readonly string[]): BulkRow | LineProblem {
  if (record.length !== names.length) {
    const message = `It has ${record.length} values, but the first line names ${names.length} columns.`;
    return { line, code: "values-wrong-number", message };
  }
  const entries = names.map((name, index) => [name, record[index] ?? ""] as const);
  return { line, fields: Object.fromEntries(entries.filter(([, value]) => value !== "")) };
}

async function* jsonRows(input: Readable): AsyncGenerator<BulkRow | LineProblem> {
  let line = 0;
  for await (const text of textLines(input)) {
    line += 1;
    const content = (line === 1 ? text.replace(/^\uFEFF/, "") : text).trim();
    if (content !== "") yield jsonRow(line, content);
  }
}

function jsonRow(line: number, text: string): BulkRow | LineProblem {
  if (text.length > longestRecord) {
    return { line, code: "line-too-long", message: `It has more than ${longestRecord} characters.` };
  }
  const fields = parsedObject(text);
  if (fields === undefined) {
    return { line, code: "json-malformed", message: "It is not a JSON object on one line." };
  }
  const unknown = Object.keys(fields).find((name) => !columns.includes(name));
  if (unknown === undefined) return { line, fields };
  const message = `The field ${JSON.stringify(unknown.slice(0, 40))} is unknown. The fields are ${columns.join(", ")}.`;
  return { line, code: "field-unknown", message };
}

function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** Of a line without an end no more is kept than makes it too long. */
async function* textLines(input: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of input as AsyncIterable<Buffer | string>) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split("\n");
    rest = (lines.pop() ?? "").slice(0, longestRecord + 1);
    yield* lines;
  }
  yield rest;
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
