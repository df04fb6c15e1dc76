import { ExpectedError } from "../../infra/expected-error.ts";
import type { Clock } from "./clock.ts";

/** Longer waits are said instead of waited for: Discourse's limits count minutes, or a whole day. */
const longestWaitMs = 15 * 60_000;

/** Every request to one forum passes here: its limit is shared by all keys, so one refusal holds all of ours back. */
export interface RateLimitGate {
  /** Resolves when nothing is to be waited for. */
  readonly pass: () => Promise<void>;
  /**
   * @throws ExpectedError `discourse-rate-limited` where the wait is too long.
   */
  readonly closeFor: (ms: number) => void;
}

export function rateLimitGate(clock: Clock): RateLimitGate {
  let opensAt = 0;
  return {
    pass: async () => {
      for (let wait = opensAt - clock.now(); wait > 0; wait = opensAt - clock.now()) await clock.sleep(wait);
    },
    closeFor: (ms) => {
      if (ms > longestWaitMs) {
        throw new ExpectedError(
          "discourse-rate-limited",
          `Discourse asks to wait ${Math.ceil(ms / 60_000)} minutes before the next request. Run the command again after that.`,
        );
      }
      opensAt = Math.max(opensAt, clock.now() + ms);
    },
  };
}

/**
 * How long a 429 asks to wait: its `Retry-After` header in seconds, else `extras.wait_seconds` of Discourse's JSON, else
 * a guess. One second more, since both are rounded.
 *
 * @param attempt 1 for the first 429 in a row.
 */
export function askedWaitMs(retryAfter: string | null, waitSeconds: unknown, attempt: number): number {
  const asked = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : waitSeconds;
  if (typeof asked === "number" && Number.isFinite(asked) && asked >= 0) return (asked + 1) * 1000;
  return Math.min(10_000 * attempt, 60_000);
}
