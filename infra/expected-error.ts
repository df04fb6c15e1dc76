/**
 * A failure that a person can mend: the message says what is wrong, where, and what to do next. It is shown
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
