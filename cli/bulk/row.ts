import type { TextFault } from "../../lib/text-encoding.ts";
import type { LineProblem } from "./bulk-change.ts";

/** A record of the file, not yet checked. */
export interface BulkRow {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export const rowColumns: readonly string[] = ["user", "action", "url", "reason"];

/** Bytes of one record: a longer line is not valid, and would fill the memory. */
export const longestRecord = 1 << 16;

/** Of a text that stops there: what is written from it may not be garbled. */
export function encodingProblem({ line, why }: TextFault, remedy = ""): LineProblem {
  const message = ["Its text", `${why}.`, remedy, "Nothing after it was checked."];
  return { line, code: "not-utf8", message: message.filter((part) => part !== "").join(" ") };
}

/** Quotes of any language, and what word processors make of an apostrophe. */
const quotes = "'\"‘’‚‛“”„‟«»‹›";
const leading = new RegExp(`^[${quotes}]{1,2}`, "u");
const trailing = new RegExp(`[${quotes}]{1,2}$`, "u");
const inside = quotes.slice(2);
const quoted = new RegExp(`^[${inside}]([^${inside}]*)[${inside}]$`, "u");

/**
 * A value without what only marks it as text: Auth0's CSV export puts an apostrophe before each text, as `audit --csv` does before
 * formulas, and word processors put typographic quotes around it. No id, action or URL begins with one.
 *
 * @param column A reason is a sentence, which may have quotes of its own.
 */
export function plainValue(value: string, column?: string): string {
  const text = value.trim();
  if (column === "reason") {
    const sentence = text.replace(/^'/, "");
    return quoted.exec(sentence)?.[1] ?? sentence;
  }
  const rest = text.replace(leading, "");
  return rest === text ? text : rest.replace(trailing, "");
}
