import { setTimeout as sleep } from "node:timers/promises";
import { NotSeen } from "./context.ts";

/** Milliseconds between two looks. */
const pausesMs = { first: 100, longest: 2000 };

/**
 * Looks again and again until it is as wanted.
 *
 * @param what Left out: the last look is given back where the time ends. Otherwise completes "… did not come within 60 s".
 * @throws NotSeen, or what looking throws.
 */
export async function waitFor<T>(
  look: () => Promise<T>,
  isWanted: (seen: T) => boolean,
  { withinMs, what }: { readonly withinMs: number; readonly what?: string },
): Promise<T> {
  const end = Date.now() + withinMs;
  for (let pauseMs = pausesMs.first; ; pauseMs = Math.min(2 * pauseMs, pausesMs.longest)) {
    const seen = await look();
    if (isWanted(seen)) return seen;
    if (Date.now() + pauseMs > end) {
      if (what === undefined) return seen;
      throw new NotSeen(`${what} did not come within ${withinMs / 1000} s`);
    }
    await sleep(pauseMs);
  }
}
