import { CommanderError, type Command } from "commander";
import { ExpectedError, UsageError, withCode } from "../lib/errors.ts";
import {
  allowClosedOutput,
  outputNotWritten,
  printUncaughtErrors,
  standardError,
  standardOutput,
} from "../lib/terminal-output.ts";
import { terminalBlock, terminalJson, terminalLines } from "../lib/terminal-text.ts";
import { exitCarrier, exitCode, setStreams, type Streams } from "./command.ts";

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
    return refuse(error, args, streams);
  }
}

/** @returns The exit code. */
function refuse(error: unknown, args: readonly string[], streams: Streams): number {
  const { code, message, exit } = describe(error);
  // Commander has printed what it says already.
  if (!(error instanceof CommanderError)) {
    streams.err(terminalBlock(`error: ${withCode({ message, code })}`));
  }
  if (wantsJson(args) && code !== outputNotWritten) streams.out(terminalJson({ error: { code, message } }));
  return exit;
}

/** Commander hands its settings down only to subcommands that it made itself. */
function prepare(command: Command, streams: Streams): void {
  const { out, err } = streams;
  // Its help is ours, its errors repeat what was typed.
  const help = (text: string) => terminalLines(text.replace(/\n$/, "").split("\n"));
  setStreams(command, streams);
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out(help(text)),
      writeErr: (text) => err(help(text)),
      outputError: (text) => err(terminalBlock(text.trimEnd())),
    })
    .showHelpAfterError(`Try ${fullName(command)} --help.`);
  for (const subcommand of command.commands) prepare(subcommand, streams);
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

/** Runs this process's command line and sets its exit code. */
export function runMain(command: Command): void {
  allowClosedOutput();
  printUncaughtErrors();
  const streams = { out: standardOutput.print, err: standardError.print };
  const args = process.argv.slice(2);
  const failEarlyEnd = (code: number): void => {
    if (code !== exitCode.done) return;
    process.exitCode = refuse(endedEarly(), args, streams);
  };
  process.once("exit", failEarlyEnd);
  void runCommand(command, args, streams).then((code) => {
    process.off("exit", failEarlyEnd);
    if (code !== 0) process.exitCode = code;
  });
}

/** Node ends a process that waits for nothing any more with 0, although the command has not ended. */
function endedEarly(): ExpectedError {
  return new ExpectedError(
    "ended-early",
    "This is a bug in pictures: the process ended before the command did, so its result is not known. Run it again.",
  );
}
