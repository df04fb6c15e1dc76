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
      process.exitCode = codeOf(error) === "bad-usage" ? badUsage : failed;
    },
  );
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  return code === undefined ? String(error.stack) : `error: ${error.message} [${code}]`;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}
