import { Readable } from "node:stream";
import { parse, type CsvError, type Parser } from "csv-parse";
import { ExpectedError } from "../../lib/errors.ts";
import { visible } from "../../lib/terminal.ts";
import { checkedText, type TextFault } from "../../lib/text-encoding.ts";
import type { LineProblem } from "./bulk-change.ts";
import { encodingProblem, longestRecord, plainValue, rowColumns, type BulkRow } from "./row.ts";

/** Consecutive lines that are not CSV: after this many, reading stops. */
const mostSkipped = 1000;

/** What is known of a CSV file beside its records. */
interface Sheet {
  /** What stands between values: a comma, or what spreadsheets of many countries write. */
  delimiter: string;
  /** The line that is not text, once it is found. */
  fault?: TextFault;
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** As `readRows`, of a CSV file such as spreadsheets write. */
export async function* csvRows(
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<BulkRow | LineProblem, void, undefined> {
  const sheet: Sheet = { delimiter: "," };
  const text = sheetText(input, sheet);
  const head = await text.next();
  const skipped: LineProblem[] = [];
  const parser = csvParser(joined(head.done === true ? undefined : head.value, text), sheet, skipped);
  let names: readonly string[] | undefined;
  for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
    // Counted at its end; a quoted value may go over several lines.
    const line = info.lines - record.join("").split(/\r\n|\n|\r/).length + 1;
    if (isBlank(record) || isCutOff(line, sheet)) continue;
    const isHeadless = names === undefined && skipped.some((problem) => problem.line < line);
    yield* skipped.splice(0);
    // The next first line does not name columns.
    if (isHeadless) return;
    if (names === undefined) names = checkedNames(record, line);
    else yield csvRow(line, record, names);
  }
  yield* skipped;
  if (sheet.fault !== undefined) {
    yield encodingProblem(sheet.fault, 'From a spreadsheet, save it as "CSV UTF-8".');
  } else if (names === undefined && skipped.length === 0) checkedNames([], 1);
}

/** Whether the line is the beginning of the one that is not text. */
function isCutOff(line: number, { fault }: Sheet): boolean {
  return fault !== undefined && line >= fault.line;
}

/** The text in UTF-8, without a first line `sep=…`; `sheet` is filled before the first chunk comes. */
async function* sheetText(
  input: AsyncIterable<Uint8Array>,
  sheet: Sheet,
): AsyncGenerator<Uint8Array, void, undefined> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of checkedText(input, (fault) => (sheet.fault = fault))) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const begin = beginningOf(head);
    if (!begin.isWhole && head.length <= longestRecord) continue;
    sheet.delimiter = begin.delimiter;
    yield head.subarray(begin.skip);
    head = undefined;
  }
  if (head === undefined) return;
  const { skip, delimiter } = beginningOf(head);
  sheet.delimiter = delimiter;
  yield head.subarray(skip);
}

/** @returns whether the first line with content is there; how many bytes before it are a line `sep=;`, which Excel reads and does not show. */
function beginningOf(head: Buffer): {
  readonly isWhole: boolean;
  readonly skip: number;
  readonly delimiter: string;
} {
  const text = head.toString("utf8");
  const [note = "", named = ""] = /^\uFEFF?"?sep=([^"\r\n]?)[^\r\n]*/i.exec(text) ?? [];
  const [first = "", end = ""] = /[^\s\uFEFF][^\r\n]*([\r\n]?)/.exec(text.slice(note.length)) ?? [];
  return {
    isWhole: end !== "",
    skip: Buffer.byteLength(note),
    delimiter: named === "" ? delimiterIn(first) : named,
  };
}

/** Names of columns hold neither: whichever comes first stands between them. */
function delimiterIn(line: string): string {
  return /^(?:"[^"]*"|[^",;\t])*([,;\t])/.exec(line)?.[1] ?? ",";
}

async function* joined(
  head: Uint8Array | undefined,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (head !== undefined) yield head;
  yield* rest;
}

/** @param skipped Gets a problem for each line that is not CSV. */
function csvParser(text: AsyncIterable<Uint8Array>, sheet: Sheet, skipped: LineProblem[]): Parser {
  const input = Readable.from(text, { objectMode: false });
  const parser = parse({
    bom: true,
    delimiter: sheet.delimiter,
    info: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: longestRecord,
  });
  input.on("error", (error) => parser.destroy(error));
  parser.on("close", () => input.destroy());
  let skippedLine = 0;
  parser.on("skip", (error: CsvError) => {
    // A value that has no end because the text stops before a line that is not UTF-8.
    if (sheet.fault !== undefined && parser.writableEnded) return;
    const line = Number(error["lines"] ?? 1);
    const isTooLong = error.code === "CSV_MAX_RECORD_SIZE";
    const isFirstOfLine = skippedLine !== line || (isTooLong && !parser.writableEnded);
    skippedLine = line;
    if (isFirstOfLine && skipped.length < mostSkipped) skipped.push(csvProblem(line, error));
    // After a record that is too long, every character gives the same error; and after this many errors it is not CSV at all.
    if (!isTooLong && skipped.length < mostSkipped) return;
    input.unpipe(parser).destroy();
    if (!parser.writableEnded) parser.end();
  });
  return input.pipe(parser);
}

function csvProblem(line: number, { code, message }: CsvError): LineProblem {
  if (code === "CSV_MAX_RECORD_SIZE") {
    const words = `It has more than ${longestRecord} bytes, or a quote that is not closed. Nothing after it was checked.`;
    return { line, code: "line-too-long", message: words };
  }
  if (/value is "(?: |\\t)+"|got " "/.test(message)) {
    const words = "There is a blank between a quote and the comma beside it. Remove the blank.";
    return { line, code: "csv-malformed", message: `It is not valid CSV: ${words}` };
  }
  const words = `It is not valid CSV: ${message.split(":")[0] ?? code}. Put a value with quotes in quotes, and double the quotes in it.`;
  return { line, code: "csv-malformed", message: words };
}

/** A row of which a spreadsheet knew only how wide it is. */
function isBlank(record: readonly string[]): boolean {
  return record.every((value) => value.trim() === "");
}

/** @returns a name for each column; empty for one without a name. */
function checkedNames(record: readonly string[], line: number): readonly string[] {
  const names = record.map((name) => plainValue(name).toLowerCase());
  const given = names.filter((name) => name !== "");
  const twice = given.filter((name, index) => given.indexOf(name) !== index);
  const unknown = given.filter((name) => !rowColumns.includes(name));
  if (unknown.length > 0 || twice.length > 0) {
    const which = [...unknown, ...twice].map((name) => visible(JSON.stringify(name.slice(0, 40)))).join(", ");
    const message = `Line ${line} has unknown or repeated columns: ${which}. The columns are ${rowColumns.join(", ")}.`;
    throw new ExpectedError("columns-unknown", message);
  }
  if (names.includes("user") && names.includes("action")) return names;
  throw new ExpectedError(
    "columns-missing",
    `Line ${line} of a CSV file must name the columns: user, action and, if needed, url and reason.`,
  );
}

function csvRow(line: number, record: readonly string[], names: readonly string[]): BulkRow | LineProblem {
  const fewest = names.findLastIndex((name) => name !== "") + 1;
  const stray = record.findIndex((value, index) => (names[index] ?? "") === "" && value.trim() !== "");
  if (stray !== -1 || record.length < fewest) {
    const message =
      stray !== -1 && stray < names.length
        ? `It has a value in column ${stray + 1}, which the first line does not name.`
        : `It has ${record.length} values, but the first line names ${fewest} columns.`;
    return { line, code: "values-wrong-number", message };
  }
  const entries = names.flatMap((name, index) => {
    const value = plainValue(record[index] ?? "", name);
    return name === "" || value === "" ? [] : [[name, value] as const];
  });
  return { line, fields: Object.fromEntries(entries) };
}
