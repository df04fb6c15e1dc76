import { STATUS_CODES } from "node:http";

/** A refusal of the Management API; `errorCode` is absent in the Actions family. */
export class ManagementError extends Error {
  override name = "ManagementError";
  readonly statusCode: number;
  readonly errorCode: string | undefined;

  constructor(statusCode: number, message: string, errorCode?: string) {
    super(message);
    this.statusCode = statusCode;
    this.errorCode = errorCode;
  }
}

/** The body that Auth0 sends with a refusal. */
export function managementErrorBody(error: ManagementError): Record<string, unknown> {
  return {
    statusCode: error.statusCode,
    error: STATUS_CODES[error.statusCode] ?? "Error",
    message: error.message,
    ...(error.errorCode === undefined ? {} : { errorCode: error.errorCode }),
  };
}
