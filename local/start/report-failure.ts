import { UsageError, withCode } from "../../lib/errors.ts";
import { failureText, printUncaughtErrors, standardError } from "../../lib/terminal-output.ts";
import { terminalBlock, type TerminalText } from "../../lib/terminal-text.ts";

/** Exit codes: 1 failed, 3 bad usage. */
const failed = 1;
const badUsage = 3;

/**
 * Runs a command's main function and sets the exit code that it gives. An error with a `code` says everything in
 * its message; anything else is a bug, and its stack helps to find it.
 */
export function reportFailure(main: () => Promise<number>): void {
  printUncaughtErrors();
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      standardError.print(describe(error));
      process.exitCode = error instanceof UsageError ? badUsage : failed;
    },
  );
}

function describe(error: unknown): TerminalText {
  const isCoded = error instanceof Error && "code" in error && typeof error.code === "string";
  if (!isCoded) return failureText(error);
  return terminalBlock(`error: ${withCode({ message: error.message, code: error.code as string })}`);
}
