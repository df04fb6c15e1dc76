import { createInterface } from "node:readline";
import { askingTerminal } from "./terminal-output.ts";
import type { TerminalText } from "./terminal-text.ts";

/** Where a question is asked. Not on standard output, which may be read by a program. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Whether a person can be asked there. */
export function canAsk({ input, output }: Terminal): boolean {
  return input.isTTY === true && output.isTTY === true;
}

/** Prints the question as it is and gives the line that is typed; undefined where the input has ended (Ctrl-D). */
export type Ask = (question: TerminalText) => Promise<string | undefined>;

/** Asks in a row: lines that are typed, or pasted, before their question is there are the answers to the next ones. */
export async function askInTurn<T>(
  work: (ask: Ask) => Promise<T>,
  { input, output }: Terminal = askingTerminal(),
): Promise<T> {
  const lines = createInterface({ input, output, terminal: false });
  const typed: string[] = [];
  let waiting: ((line: string | undefined) => void) | undefined;
  let isClosed = false;
  const answer = (line: string | undefined) => {
    waiting?.(line);
    waiting = undefined;
  };
  lines.on("line", (line) => {
    if (waiting === undefined) typed.push(line);
    else answer(line);
  });
  // Ctrl-D ends the input without an answer, and Ctrl-C the process.
  lines.once("close", () => {
    isClosed = true;
    answer(undefined);
  });
  const ask: Ask = (question) => {
    output.write(question);
    if (typed.length > 0 || isClosed) return Promise.resolve(typed.shift());
    return new Promise((resolve) => {
      waiting = resolve;
    });
  };
  try {
    return await work(ask);
  } finally {
    lines.close();
  }
}
