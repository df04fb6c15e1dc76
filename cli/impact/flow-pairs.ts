import { availableParallelism } from "node:os";
import { isolation } from "../../sandbox/isolation.ts";
import { processorTimes } from "../../sandbox/process-usage.ts";
import { startBackgroundPair } from "./background-pair.ts";
import { startFlowPair, type FlowCodes, type FlowPair, type FlowPairOptions } from "./flow-pair.ts";

/** Since this process works too. */
const coresOfPair = 2;

/**
 * @param codes May come later. Where they do not, what is run rejects.
 * @param pairs By default one for two cores.
 */
export function startFlowPairs(
  codes: FlowCodes | Promise<FlowCodes>,
  options: FlowPairOptions = {},
  pairs = Math.max(1, Math.floor(availableParallelism() / coresOfPair)),
): readonly FlowPair[] {
  const start = (background: boolean) => startFlowPair(codes, options, background);
  const hasBackground = isolation().background && canBeWatched();
  return Array.from({ length: pairs }, () => (hasBackground ? startBackgroundPair(start) : start(false)));
}

/** Whether the system tells how long a process runs and waits: without that nobody would learn that a pair is held up. */
function canBeWatched(): boolean {
  return (processorTimes(process.pid)?.ranMs ?? 0) > 0;
}
