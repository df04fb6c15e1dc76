import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ManagementClient } from "auth0";
import { ExpectedError } from "../lib/errors.ts";
import { projectRoot } from "../lib/project.ts";
import { readPath } from "../policy/login.ts";
import type * as Auth0Sdk from "./auth0-sdk.ts";
import type { ManagementAccess } from "./management-token.ts";

/** Seconds until a request is given up. */
const timeoutInSeconds = 30;

/** After a 429 the SDK waits until the time that Auth0's headers name, at most a minute each time. */
const maxRetries = 4;

/** Auth0's own SDK with a token that is there already. It is loaded here, since most commands do without it. */
export function managementClient({ domain, accessToken }: ManagementAccess): Promise<ManagementClient> {
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

/** How often something else than a rate limit is tried again. */
const tries = 5;

/** The SDK waited several times already before it gives a 429 back. */
const longestRateLimit = 40;

/**
 * Repeats what can be repeated without harm: as long as Auth0's rate limit asks for it, and a few times after answers 5xx
 * and where nothing answered.
 */
export async function patiently<T>(run: () => Promise<T>): Promise<T> {
  for (let failed = 1; ; failed += 1) {
    try {
      return await run();
    } catch (error) {
      const limit = isRateLimit(error) ? longestRateLimit : tries;
      if (failed >= limit || !mayPass(error)) throw error;
      await sleep(Math.min(500 * 2 ** failed, 30_000));
    }
  }
}

/** The status of the SDK's error, or of the one that caused this. */
export function statusOfFailure(error: unknown): number | undefined {
  const status = readPath(error, "statusCode") ?? readPath(error, "cause", "statusCode");
  return typeof status === "number" ? status : undefined;
}

export function isRateLimit(error: unknown): boolean {
  return statusOfFailure(error) === 429;
}

/** Whether it may go well a little later. */
export function mayPass(error: unknown): boolean {
  const status = statusOfFailure(error);
  if (status !== undefined) return status === 429 || status >= 500;
  return readPath(error, "code") === "auth0-unreachable";
}
