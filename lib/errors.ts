/**
 * A failure that the user can fix: the message says what is wrong, where, and what to do next. It is shown
 * without a stack trace. `code` is stable, for programs that read it; `cause` is the error behind it, if there is one.
 * All expected failures of this project are of this class, or of one that adds to it.
 */
export class ExpectedError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ExpectedError";
    this.code = code;
  }
}

/** The command line lacks something or contradicts itself; nothing was done, and the exit code is 3. */
export class UsageError extends ExpectedError {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.name = "UsageError";
  }
}

/** How every program here shows a failure: what people read, and the code for who looks it up. */
export function withCode({ message, code }: Pick<ExpectedError, "message" | "code">): string {
  return `${message} [${code}]`;
}

/** What a program prints before it ends by an error: an expected one in its words, a bug with its stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof ExpectedError) return withCode(error);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
