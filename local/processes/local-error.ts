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
