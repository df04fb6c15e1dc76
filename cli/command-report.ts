import { CommanderError, type Command } from "commander";
import { exitCode, type ExitCode } from "./exit-code.ts";

/** What a command has to say at its end. */
export interface CommandReport {
  /** 0 where it is left out. */
  readonly exitCode?: ExitCode;
  /** For people: lines, without a final line break. */
  readonly text: string;
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
    print(command, json === true ? JSON.stringify(report.json, null, 2) : report.text);
    const code = report.exitCode ?? exitCode.done;
    if (code !== exitCode.done) throw new CommanderError(code, exitCarrier, "");
  };
}

function print(command: Command, text: string): void {
  if (text !== "") command.configureOutput().writeOut?.(`${text}\n`);
}
