import { describeFailure, UsageError, withCode } from "../../lib/errors.ts";

/** Exit codes: 1 failed, 3 bad usage. */
const failed = 1;
const badUsage = 3;

/**
 * Runs a command's main function and sets the exit code that it gives. An error with a `code` says everything in
 * its message; anything else is a bug, and its stack helps to find it.
 */
export function reportFailure(main: () => Promise<number>): void {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${describe(error)}\n`);
      process.exitCode = error instanceof UsageError ? badUsage : failed;
    },
  );
}

function describe(error: unknown): string {
  const isCoded = error instanceof Error && "code" in error && typeof error.code === "string";
  if (!isCoded) return describeFailure(error);
  return `error: ${withCode({ message: error.message, code: error.code as string })}`;
}
