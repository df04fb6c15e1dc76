/**
 * A failure that the user can fix: the message says what is wrong, where, and what to do next. It is shown
 * without a stack trace. `code` is stable, for programs that read it.
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

/**
 * A failure of the local stand-in world that a person can mend: the message says what is wrong, where, and
 * what to do next. `code` is stable, for programs that read it.
 */
export class LocalError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LocalError";
    this.code = code;
  }
}
