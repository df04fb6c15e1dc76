import { setTimeout as delay } from "node:timers/promises";

/** Asks again and again until the answer is yes; resolves to whether that came within `withinMs`. */
export async function pollUntil(
  condition: () => boolean | Promise<boolean>,
  { withinMs, everyMs = 30 }: { readonly withinMs: number; readonly everyMs?: number },
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() >= deadline) return false;
    await delay(everyMs);
  }
  return true;
}
