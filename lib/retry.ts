import { setTimeout as sleep } from "node:timers/promises";

/**
 * Calls `attempt` until it succeeds, or until `pauseAfter` has no pause for its failure.
 *
 * @param pauseAfter The milliseconds to wait before the next attempt; undefined where there is to be none. `failures` counts
 *   from 1 and includes this one.
 * @throws What the last attempt threw.
 */
export async function withRetry<T>(
  attempt: () => Promise<T>,
  pauseAfter: (error: unknown, failures: number) => number | undefined,
  pause: (ms: number) => Promise<unknown> = sleep,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      const ms = pauseAfter(error, failures);
      if (ms === undefined) throw error;
      await pause(ms);
    }
  }
}

/** Headers of an answer, whoever fetched it. */
export type AnswerHeaders = Pick<Headers, "get">;

/** The longest wait that a rate limit is granted: Auth0's periods are a minute or less. */
const longestRateLimitMs = 60_000;

/**
 * How long an answer 429 asks to wait, by `retry-after`, else by Auth0's `x-ratelimit-reset` (Unix seconds).
 * https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
 *
 * @param now Milliseconds since 1970.
 * @returns Milliseconds, a minute at most; 0 where the headers do not say, or the time has come.
 */
export function rateLimitMs(headers: AnswerHeaders, now: number): number {
  const reset = secondsIn(headers.get("x-ratelimit-reset"));
  const waits = [retryAfterMs(headers, now), reset === undefined ? undefined : reset * 1000 - now];
  const ms = waits.find((wait) => wait !== undefined && wait > 0) ?? 0;
  return Math.min(ms, longestRateLimitMs);
}

/**
 * What `retry-after` asks for: seconds from now, or a date (RFC 9110, 10.2.3).
 *
 * @param now Milliseconds since 1970.
 * @returns Milliseconds, not limited; undefined where the header is missing or says something else.
 */
export function retryAfterMs(headers: AnswerHeaders, now: number): number | undefined {
  const text = headers.get("retry-after");
  const seconds = secondsIn(text);
  if (seconds !== undefined) return seconds * 1000;
  // Date.parse takes much that is not a date, such as "-5".
  const date = text?.trim().endsWith("GMT") === true ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(date - now, 0);
}

function secondsIn(text: string | null): number | undefined {
  return text !== null && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
