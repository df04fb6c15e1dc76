/** A failure that the engine shows to people: what is wrong, where, and what to do next. `code` is stable. */
export class StandInError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StandInError";
    this.code = code;
  }
}
