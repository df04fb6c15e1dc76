import { fstatSync } from "node:fs";
import { CommanderError, type Command } from "commander";
import { ExpectedError, UsageError, withCode } from "../lib/errors.ts";
import { writeAll } from "../lib/write-all.ts";
import { exitCarrier, exitCode } from "./command.ts";

/** Where a command prints. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/**
 * Runs a command line. An expected error is shown as its message and code, never as a stack trace. With `--json`
 * (or `--format json`) standard output holds `{"error": {"code", "message"}}` as well, so that it is one JSON document in every case.
 *
 * @param args Without the program's own name.
 * @returns The exit code.
 */
export async function runCommand(
  command: Command,
  args: readonly string[],
  streams: Streams,
): Promise<number> {
  prepare(command, streams);
  try {
    await command.parseAsync(args, { from: "user" });
    return exitCode.done;
  } catch (error) {
    if (error instanceof CommanderError && (error.exitCode === 0 || error.code === exitCarrier)) {
      return error.exitCode;
    }
    const { code, message, exit } = describe(error);
    // Commander has printed what it says already.
    if (!(error instanceof CommanderError)) streams.err(`error: ${withCode({ message, code })}\n`);
    if (wantsJson(args) && code !== notWritten)
      streams.out(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
    return exit;
  }
}

/** Commander hands its settings down only to subcommands that it made itself. */
function prepare(command: Command, { out, err }: Streams): void {
  command
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err })
    .showHelpAfterError(`Try ${fullName(command)} --help.`);
  for (const subcommand of command.commands) prepare(subcommand, { out, err });
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function describe(error: unknown): { code: string; message: string; exit: number } {
  if (error instanceof CommanderError) {
    const message = error.code === "commander.help" ? "no command was given" : error.message;
    return { code: "bad-usage", message: message.replace(/^error: /, ""), exit: exitCode.badUsage };
  }
  if (error instanceof ExpectedError) {
    const exit = error instanceof UsageError ? exitCode.badUsage : exitCode.failed;
    return { code: error.code, message: error.message, exit };
  }
  const stack = error instanceof Error ? String(error.stack) : String(error);
  return { code: "internal-error", message: `This is a bug in pictures: ${stack}`, exit: exitCode.failed };
}

/** Asked of the words themselves: a command line that commander refuses has no options yet. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const words = end === -1 ? args : args.slice(0, end);
  const isFormat = (word: string, index: number) => word === "json" && words[index - 1] === "--format";
  return words.includes("--json") || words.includes("--format=json") || words.some(isFormat);
}

const notWritten = "output-not-written";

/** Node's own stream to a file does not look whether the system took all of it: a report would be cut off without a word. */
function fileOutput(): Streams["out"] | undefined {
  const status = fstatSync(1);
  if (process.stdout.isTTY || status.isFIFO() || status.isSocket()) return undefined;
  return (text) => {
    try {
      writeAll(1, Buffer.from(text));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `Standard output could not be written completely: ${why}. What the command has changed stays changed.`;
      throw new ExpectedError(notWritten, message, { cause });
    }
  };
}

/** Runs this process's command line and sets its exit code. */
export function runMain(command: Command): void {
  const streams = {
    out: fileOutput() ?? ((text: string) => process.stdout.write(text)),
    err: (text: string) => process.stderr.write(text),
  };
  // The reader may have seen enough (`pictures … | head`).
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  void runCommand(command, process.argv.slice(2), streams).then((code) => {
    if (code !== 0) process.exitCode = code;
  });
}
