/**
 * `refused`: the tenant sent the user back with an error, such as `access_denied`; `no-such-user`: the login page does not
 * offer the user; `wrong-password`; `unexpected-answer`: neither a redirect nor the login page came.
 */
export type LoginErrorCode = "refused" | "no-such-user" | "wrong-password" | "unexpected-answer";

/** Why a headless login ended without tokens. */
export class LoginError extends Error {
  override name = "LoginError";
  readonly code: LoginErrorCode;
  /** OAuth's `error`, where the tenant sent one. */
  readonly error: string | undefined;
  readonly errorDescription: string | undefined;

  constructor(code: LoginErrorCode, message: string, error?: string, errorDescription?: string) {
    super(message);
    this.code = code;
    this.error = error;
    this.errorDescription = errorDescription;
  }
}
