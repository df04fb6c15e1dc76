import { escapeControls } from "./display-text.ts";
import type { Environment } from "./environment.ts";
import { terminalLines, type TerminalText } from "./terminal-text.ts";

/** The longest picture URL that the policy takes by default. */
const longest = 2048;

/** What users wrote themselves, as one value in a line: see `escapeControls`; and not endless. */
export function visible(text: string): string {
  return escapeControls(text.length > longest ? `${text.slice(0, longest)}…` : text);
}

/** Whether what goes to standard output may have colours: on a terminal, unless `NO_COLOR` is set (https://no-color.org). */
export function usesColours(env: Environment, output: { readonly isTTY?: boolean }): boolean {
  return output.isTTY === true && (env["NO_COLOR"] ?? "") === "";
}

/** A count for people: its digits in threes. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

/** A count with its noun: "1 user", "1,234 users". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Rows of text under their headings, columns aligned; a cell of more than `widest` characters is cut in the middle. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  widest = 64,
): TerminalText {
  const cells = [headings, ...rows].map((row) => row.map((cell) => shorten(escapeControls(cell), widest)));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return terminalLines(lines);
}

/** The end of a URL tells more than its middle. */
function shorten(text: string, widest: number): string {
  if (text.length <= widest) return text;
  const head = Math.ceil((widest - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (widest - 1 - head))}`;
}
