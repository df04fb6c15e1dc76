import { setTimeout } from "node:timers/promises";

/** Time in milliseconds, which a test may let pass at once. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms) => {
    await setTimeout(ms);
  },
};

/** Asks again and again until the answer is yes; resolves to whether that came within `withinMs`. */
export async function pollUntil(
  condition: () => boolean | Promise<boolean>,
  { withinMs, everyMs = 30 }: { readonly withinMs: number; readonly everyMs?: number },
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() >= deadline) return false;
    await setTimeout(everyMs);
  }
  return true;
}
