import type { ProcessorTimes } from "../../sandbox/process-usage.ts";
import type { FlowPair, WatchedFlowPair } from "./flow-pair.ts";

/**
 * A pair that leaves the processors to whatever else wants one. That makes a run faster: three processes on two cores otherwise wait in turn
 * while a core has nothing to do, since the kernel moves none of them for so short a while. With two of them in its class for what may
 * wait it does. Beside programs that never rest, though, such a pair gets next to nothing: one that is held up gives way to another one, like any
 * other program, which runs again what is not answered yet. Only the superuser may take a process out of that class.
 *
 * @param start Starts a pair, in the background or not.
 * @param lookEveryMs How often it is looked at.
 */
export function startBackgroundPair(
  start: (background: boolean) => WatchedFlowPair,
  lookEveryMs = 1000,
): FlowPair {
  const pair: { readonly first: WatchedFlowPair; second?: FlowPair } = { first: start(true) };
  let before: readonly (ProcessorTimes | undefined)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const now = pair.first.processorTimes();
    const isHeld = now.some((times, index) => isHeldUp(before[index], times, lookEveryMs));
    before = now;
    if (!isHeld) return;
    clearInterval(timer);
    pair.second = start(false);
    void pair.first.stop();
  };
  // Until it has started it is like any other program. One that cannot start is told of by what is run.
  pair.first.ready.then(
    () => {
      before = pair.first.processorTimes();
      timer = setInterval(look, lookEveryMs).unref();
    },
    () => undefined,
  );
  const current = (): FlowPair => pair.second ?? pair.first;
  return {
    run: async (lines) => {
      const asked = current();
      try {
        return await asked.run(lines);
      } catch (error) {
        // Where its code had broken it before it was stopped, the second one finds the same out.
        if (asked === current()) throw error;
        return current().run(lines);
      }
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all([pair.first.stop(), pair.second?.stop()]);
    },
  };
}

/** @returns Whether it waited for most of the time, and much longer than it ran. */
export function isHeldUp(
  before: ProcessorTimes | undefined,
  now: ProcessorTimes | undefined,
  betweenMs: number,
): boolean {
  if (before === undefined || now === undefined) return false;
  const queuedMs = now.queuedMs - before.queuedMs;
  return queuedMs > betweenMs / 2 && queuedMs > 2 * (now.ranMs - before.ranMs);
}
