/**
 * A failure that a person can mend: the message says what is wrong, where, and what to do next. `code` is stable,
 * for programs that read it.
 */
export class ProviderError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ProviderError";
    this.code = code;
  }
}
