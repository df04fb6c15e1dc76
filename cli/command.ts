import { Command, CommanderError, Option } from "commander";
import { terminalJson, type TerminalText } from "../lib/terminal-text.ts";

/** What a command has to say at its end. */
export interface CommandReport {
  /** 0 where it is left out. */
  readonly exitCode?: ExitCode;
  /** For people: lines, without a final line break. */
  readonly text: TerminalText;
  /** For programs: the document that `--json` prints. */
  readonly json: unknown;
}

/** The code of the error that carries an exit code out of commander. */
export const exitCarrier = "pictures.exit";

/**
 * A handler for `command.action()` that prints the report of `run`: its text or, where the command has `--json` and it
 * is given, its document.
 */
export function reporting<Args extends unknown[]>(
  run: (...args: Args) => Promise<CommandReport>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    // Commander's last argument is the command itself.
    const command = args.at(-1) as Command;
    const report = await run(...args);
    const { json } = command.opts<{ json?: boolean }>();
    const text = json === true ? terminalJson(report.json) : report.text;
    if (text !== "") streamsOf(command).out(text);
    const code = report.exitCode ?? exitCode.done;
    if (code !== exitCode.done) throw new CommanderError(code, exitCarrier, "");
  };
}

/** Where a command prints: each call is a text of whole lines, the last one without its end. */
export interface Streams {
  readonly out: (text: TerminalText) => void;
  readonly err: (text: TerminalText) => void;
}

/** Commander's own settings would take any text. */
const streamsOfCommands = new WeakMap<Command, Streams>();

export function setStreams(command: Command, streams: Streams): void {
  streamsOfCommands.set(command, streams);
}

/** Where a command prints that `runCommand` runs. */
export function streamsOf(command: Command): Streams {
  const streams = streamsOfCommands.get(command);
  if (streams === undefined) throw new Error(`The command ${command.name()} was not run by runCommand.`);
  return streams;
}

/** The exit codes of every command. */
export const exitCode = {
  done: 0,
  failed: 1,
  /** A check ran to its end and found something. */
  found: 2,
  /** The command line itself is wrong, or a needed confirmation is missing: nothing was done. */
  badUsage: 3,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Which stack a command works on; see `selectedStack` for what holds without it. */
export function stackOption(): Option {
  return new Option(
    "--stack <name>",
    "the stack to work on (default: PULUMI_STACK, or Pulumi's selected one)",
  );
}

/** A command that has it reports through `reporting`. */
export function jsonOption(): Option {
  return new Option("--json", "print one JSON document instead of text");
}

/** Of the commands that run an Action's code. */
export function weakSandboxOption(): Option {
  return new Option(
    "--weak-sandbox",
    "run the tenant's code although this machine cannot close its sandbox in two ways",
  );
}

/** For `confirm`. */
export function yesOption(): Option {
  return new Option("-y, --yes", "do it without asking");
}

/** For a command that changes users, and waits for others that do: see `withTenantLock`. */
export function noWaitOption(): Option {
  return new Option("--no-wait", "fail at once while another command on this machine changes the same");
}

/** For a command that changes what is deployed, and refuses while others do: see `withTenantLock`. */
export function waitOption(): Option {
  return new Option("--wait", "wait while another command on this machine changes what is deployed");
}

/** Options that every command about one user has. */
export interface PersonOptions {
  readonly stack?: string;
  readonly yes?: boolean;
}

/** Options that every command has that changes one user in the tenant. */
export interface PersonChangeOptions extends PersonOptions {
  readonly wait?: boolean;
}

/** A command about one user that changes nothing. */
export function personCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<user>", userDescription)
    .addOption(stackOption())
    .addOption(jsonOption());
}

/** A command that changes one user in the tenant, and asks before. */
export function changingCommand(name: string, description: string): Command {
  return personCommand(name, description).addOption(yesOption()).addOption(noWaitOption());
}

export const userDescription = "the user id, the email or the exact name";
