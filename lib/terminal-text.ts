import { escapeControls } from "./display-text.ts";

declare const clean: unique symbol;

/**
 * Text that may be sent to a terminal. What others wrote (users, the tenant, files, the command line) is in it only without
 * controls and changes of direction, and cannot begin a line of its own. Only the functions of this file make it, and
 * `terminal-output.ts`, through which everything is printed, takes nothing else.
 */
export type TerminalText = string & { readonly [clean]: true };

/** A template: its own words as they are, and each value as a part of one line. */
export function term(literals: TemplateStringsArray, ...values: readonly (string | number)[]): TerminalText {
  const rest = values.map((value, index) => escapeControls(String(value)) + (literals[index + 1] ?? ""));
  return cleaned((literals[0] ?? "") + rest.join(""));
}

/** Lines, each of which stays one whatever it holds. Tabs stay too: code has them. */
export function terminalLines(lines: readonly string[]): TerminalText {
  return cleaned(lines.map((line) => escapeControls(line, "\t")).join("\n"));
}

/**
 * Text with line breaks that others may have made, such as an error's message: from the second line on each begins with
 * white space, so that none looks like a line of ours.
 */
export function terminalBlock(text: string): TerminalText {
  const [first = "", ...others] = text.split("\n");
  const inside = (line: string) => (line === "" || /^[ \t]/.test(line) ? line : `  ${line}`);
  return terminalLines([first, ...others.map(inside)]);
}

/** A document for programs. What JSON leaves as it is and a terminal obeys (C1, changes of direction) is escaped as well. */
export function terminalJson(document: unknown, indent = 2): TerminalText {
  return cleaned(escapeControls(JSON.stringify(document, null, indent), "\n"));
}

/** Texts one below the other. */
export function below(...texts: readonly TerminalText[]): TerminalText {
  return cleaned(texts.join("\n"));
}

/** Texts one beside the other. */
export function beside(...texts: readonly TerminalText[]): TerminalText {
  return cleaned(texts.join(""));
}

const colours = { red: 31, green: 32, yellow: 33 } as const;

/** Text of ours in a colour. */
export function coloured(colour: keyof typeof colours, text: TerminalText): TerminalText {
  return cleaned(`\u001B[${colours[colour]}m${text}\u001B[39m`);
}

/** A line that takes the place of the one that the cursor stands in; empty takes it away. */
export function redrawnLine(line: string): TerminalText {
  return cleaned(`\r${escapeControls(line)}\u001B[K`);
}

/** For a text that went past the types: all is escaped but line breaks, tabs, and what `coloured` and `redrawnLine` make. */
export function recleaned(text: TerminalText): string {
  const [, line] = redrawn.exec(text) ?? [];
  if (line !== undefined) return redrawnLine(line);
  const parts = text.split(ownColours);
  return parts.map((part, index) => (index % 2 === 1 ? part : escapeControls(part, "\n\t"))).join("");
}

const redrawn = /^\r(.*)\u001B\[K$/s;
const ownColours = /(\u001B\[3[1239]m)/;

function cleaned(text: string): TerminalText {
  // eslint-disable-next-line no-restricted-syntax -- The one place that makes it.
  return text as TerminalText;
}
