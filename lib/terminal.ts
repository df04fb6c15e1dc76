import { createInterface } from "node:readline/promises";
import type { Environment } from "./environment.ts";
import { UsageError } from "./errors.ts";

/** Where a question is asked. Not on standard output, which may be read by a program. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Asks whether to go on; everything but `y` and `yes` means no. Does not ask if `yes` is set.
 *
 * @param question Without the final question mark's answers: "Delete 3 users?".
 * @throws UsageError `confirmation-needed` without a terminal.
 */
export async function confirm(
  question: string,
  { yes }: { readonly yes?: boolean | undefined },
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<boolean> {
  if (yes === true) return true;
  if (input.isTTY !== true || output.isTTY !== true) {
    const message = `${question} Not a terminal: pass --yes to confirm.`;
    throw new UsageError("confirmation-needed", message);
  }
  const lines = createInterface({ input, output, terminal: false });
  // Ctrl-D ends the input without an answer, and Ctrl-C the process.
  const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

/** The longest picture URL that the policy takes by default. */
const longest = 2048;

/**
 * What users wrote themselves, for a terminal: without control characters, line breaks and changes of direction, which
 * could make a line say something else, and not endless.
 */
export function visible(text: string): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return shown.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\uFFFD");
}

/** Whether what goes to standard output may have colours: on a terminal, unless `NO_COLOR` is set (https://no-color.org). */
export function usesColours(env: Environment, output: { readonly isTTY?: boolean }): boolean {
  return output.isTTY === true && (env["NO_COLOR"] ?? "") === "";
}

/** A count for people: its digits in threes. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

/** Rows of text under their headings, columns aligned; a cell of more than `widest` characters is cut in the middle. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  widest = 64,
): string {
  const cells = [headings, ...rows].map((row) => row.map((cell) => shorten(cell, widest)));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return lines.join("\n");
}

/** The end of a URL tells more than its middle. */
function shorten(text: string, widest: number): string {
  if (text.length <= widest) return text;
  const head = Math.ceil((widest - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (widest - 1 - head))}`;
}
