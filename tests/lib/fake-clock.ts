import type { Clock } from "../../lib/clock.ts";

/** A clock that nobody waits for: sleeping moves it on. */
export function fakeClock(): Clock {
  let now = 1_000_000;
  return {
    now: () => now,
    sleep: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  };
}
