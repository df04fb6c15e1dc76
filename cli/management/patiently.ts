import { setTimeout as sleep } from "node:timers/promises";
import { readPath } from "../../policy/login.ts";

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
