import { createRequire } from "node:module";
import { join } from "node:path";
import type { ManagementClient } from "auth0";
import { ExpectedError } from "../lib/errors.ts";
import { valueIn } from "../lib/json.ts";
import { projectRoot } from "../lib/project.ts";
import { rateLimitMs, withRetry } from "../lib/retry.ts";
import type * as Auth0Sdk from "./auth0-sdk.ts";
import type { ManagementAccess } from "./management-token.ts";

/** Seconds until a request is given up. */
const timeoutInSeconds = 30;

/** The SDK's own retries: after 408, 429 and 5xx, by Auth0's headers, at most a minute each time. */
const sdkRetries = 4;

/** For requests that `withManagementRetry` repeats: its retries hold then, not the SDK's, or one would multiply the other. */
export const withoutSdkRetries = { maxRetries: 0 };

/**
 * Auth0's own SDK with a token that is there already. It is loaded here, since most commands do without it.
 *
 * @param options `withoutSdkRetries`, or nothing.
 */
export function managementClient(
  { domain, accessToken }: Pick<ManagementAccess, "domain" | "accessToken">,
  { maxRetries }: { readonly maxRetries: number } = { maxRetries: sdkRetries },
): Promise<ManagementClient> {
  const bundle = join(projectRoot, "loader/auth0-sdk.js");
  const sdk = createRequire(bundle)(bundle) as typeof Auth0Sdk;
  return Promise.resolve(
    new sdk.ManagementClient({
      domain,
      token: accessToken,
      telemetry: false,
      timeoutInSeconds,
      maxRetries,
    }),
  );
}

/**
 * What a failed request of the SDK means for people; anything else is given back as it is.
 *
 * @param doing Completes "… failed", such as "reading the Actions".
 */
export function managementFailure(error: unknown, domain: string, doing: string): unknown {
  const { statusCode, body } = Object(error) as Readonly<Record<string, unknown>>;
  if (typeof statusCode === "number") {
    const { message } = Object(body) as { message?: unknown };
    const said = typeof message === "string" ? `: ${message}` : "";
    const text = `${domain} answered ${statusCode} to ${doing}${said}.`;
    return new ExpectedError(statusCode === 403 ? "auth0-forbidden" : "auth0-failed", text, { cause: error });
  }
  if (!isUnanswered(error)) return error;
  const text = `${domain} did not answer to ${doing}. Check the network, then try again.`;
  return new ExpectedError("auth0-unreachable", text, { cause: error });
}

/** The SDK's own errors without a status, and those of Node's fetch. */
function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message } = error;
  return name === "TimeoutError" || name === "ManagementTimeoutError" || message.includes("fetch failed");
}

/** How often a request is sent for which no rate limit is the reason. */
const tries = 5;

/** How often one that a rate limit stops: some 20 minutes. */
const rateLimitedTries = 40;

const longestBackoffMs = 30_000;

/**
 * Repeats a request that can be repeated without harm, for runs that may take hours: as long as Auth0's rate limit asks for
 * it, and a few times after answers 5xx and where nothing answered. The SDK's own retries must be off, see `withoutSdkRetries`.
 */
export function withManagementRetry<T>(
  request: () => Promise<T>,
  pause?: (ms: number) => Promise<unknown>,
): Promise<T> {
  const pauseAfter = (error: unknown, failures: number) => {
    const limit = statusOfFailure(error) === 429 ? rateLimitedTries : tries;
    if (failures >= limit || !mayPass(error)) return undefined;
    return Math.max(askedWaitMs(error), Math.min(500 * 2 ** failures, longestBackoffMs));
  };
  return withRetry(request, pauseAfter, pause);
}

/** The status of the SDK's error, or of the one that caused this. */
export function statusOfFailure(error: unknown): number | undefined {
  const status = ofFailure(error, "statusCode");
  return typeof status === "number" ? status : undefined;
}

/** How long Auth0 asks to wait, in milliseconds; 0 where it does not say, as for too many imports at a time. */
export function askedWaitMs(error: unknown): number {
  const headers = ofFailure(error, "rawResponse", "headers");
  return headers instanceof Headers ? rateLimitMs(headers, Date.now()) : 0;
}

function ofFailure(error: unknown, ...path: readonly string[]): unknown {
  return valueIn(error, ...path) ?? valueIn(error, "cause", ...path);
}

/** Whether it may go well a little later. */
export function mayPass(error: unknown): boolean {
  const status = statusOfFailure(error);
  if (status !== undefined) return status === 408 || status === 429 || status >= 500;
  return isUnanswered(error) || valueIn(error, "code") === "auth0-unreachable";
}
