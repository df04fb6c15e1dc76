import { ExpectedError } from "../../infra/expected-error.ts";

/**
 * What a failed request of the SDK means for people; anything else is given back as it is.
 *
 * @param doing Completes "… failed", such as "reading the Actions".
 */
export function managementFailure(error: unknown, domain: string, doing: string): unknown {
  const { name, statusCode, body } = Object(error) as Readonly<Record<string, unknown>>;
  if (typeof statusCode === "number") {
    const { message } = Object(body) as { message?: unknown };
    const said = typeof message === "string" ? `: ${message}` : "";
    const text = `${domain} answered ${statusCode} to ${doing}${said}.`;
    return new ExpectedError(statusCode === 403 ? "auth0-forbidden" : "auth0-failed", text, { cause: error });
  }
  // Its own errors without a status, and those of Node's fetch.
  if (name !== "TimeoutError" && name !== "ManagementTimeoutError" && !isFetchFailure(error)) return error;
  const text = `${domain} did not answer to ${doing}. Check the network, then try again.`;
  return new ExpectedError("auth0-unreachable", text, { cause: error });
}

function isFetchFailure(error: unknown): boolean {
  return error instanceof Error && error.message.includes("fetch failed");
}
