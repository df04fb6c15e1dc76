import { fstatSync } from "node:fs";
import { describeFailure, ExpectedError } from "./errors.ts";
import { recleaned, terminalBlock, type TerminalText } from "./terminal-text.ts";
import { writeAll } from "./write-all.ts";

/** The only place of the project that writes to standard output and standard error; see `TerminalText`. */
export interface TerminalOutput {
  /** Writes the text and ends its line. */
  readonly print: (text: TerminalText) => void;
  /** Writes the text as it is, for a line that is drawn again, or a question. */
  readonly write: (text: TerminalText) => void;
  readonly isTTY: boolean;
  /** Undefined where it is not a terminal. */
  readonly columns: number | undefined;
}

/** For the result. */
export const standardOutput = outputTo(() => process.stdout, writeToFile);

/** For what people should know beside it. */
export const standardError = outputTo(() => process.stderr);

/**
 * @param stream Asked each time: Node makes a stream when it is first asked for it, which takes a moment.
 * @param instead Takes the text where that is not for the stream, and says whether it did.
 */
function outputTo(
  stream: () => NodeJS.WriteStream,
  instead: (text: string) => boolean = () => false,
): TerminalOutput {
  const write = (text: string): void => {
    if (!instead(text)) stream().write(text);
  };
  return {
    print: (text) => {
      write(`${recleaned(text)}\n`);
    },
    write: (text) => {
      write(recleaned(text));
    },
    get isTTY() {
      return stream().isTTY;
    },
    get columns() {
      return stream().columns;
    },
  };
}

/** The code of the error for a result that did not fit into its file. */
export const outputNotWritten = "output-not-written";

let isFile: boolean | undefined;

/**
 * Node's own stream to a file does not look whether the system took all of it: a report would be cut off without a word.
 *
 * @throws ExpectedError `output-not-written`.
 */
function writeToFile(text: string): boolean {
  isFile ??= fstatSync(1).isFile();
  if (!isFile) return false;
  try {
    writeAll(1, Buffer.from(text));
    return true;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `Standard output could not be written completely: ${why}. What the command has changed stays changed.`;
    throw new ExpectedError(outputNotWritten, message, { cause });
  }
}

/** Where people are asked: not on standard output, which may be read by a program. */
export const askingTerminal = () => ({ input: process.stdin, output: process.stderr });

/** Lets a reader that has seen enough go away (`pictures … | head`). */
export function allowClosedOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

/** What a program prints before it ends by an error. */
export function failureText(error: unknown): TerminalText {
  return terminalBlock(describeFailure(error));
}

/** Node prints an error that nothing catches as it is. Instead it is cleaned, and the process still ends with 1. */
export function printUncaughtErrors(): void {
  process.on("uncaughtException", (error) => {
    standardError.print(failureText(error));
    process.exit(1);
  });
}
