/**
 * `management-api`: the tenant's Management API refused or did not answer; `unknown-change`: a form that the page does
 * not have.
 */
export type PageErrorCode = "management-api" | "unknown-change";

/** What the person at the page is told in the place of what they asked for. */
export class PageError extends Error {
  override name = "PageError";
  readonly code: PageErrorCode;

  constructor(code: PageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
