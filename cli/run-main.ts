import { CommanderError, type Command } from "commander";
import { ExpectedError } from "../infra/expected-error.ts";

/** Exit codes of every command: 0 done, 1 failed, 3 bad usage (2 means that a check found something). */
const failed = 1;
const badUsage = 3;

/** Runs a command line; an expected error is shown as its message and code, never as a stack trace. */
export function runMain(command: Command): void {
  command.exitOverride();
  command.parseAsync().catch((error: unknown) => {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : badUsage;
      return;
    }
    if (!(error instanceof ExpectedError)) throw error;
    process.stderr.write(`error: ${error.message} [${error.code}]\n`);
    process.exitCode = failed;
  });
}
