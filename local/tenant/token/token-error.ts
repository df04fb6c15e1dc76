/** A refusal of /oauth/token: `{error, error_description}` with this status. */
export class TokenError extends Error {
  override name = "TokenError";
  readonly statusCode: number;
  readonly error: string;

  constructor(statusCode: number, error: string, description: string) {
    super(description);
    this.statusCode = statusCode;
    this.error = error;
  }
}
