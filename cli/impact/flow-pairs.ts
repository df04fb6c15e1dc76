import { availableParallelism } from "node:os";
import { isolation } from "../../sandbox/isolation.ts";
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
  const hasBackground = isolation().background.length > 0;
  return Array.from({ length: pairs }, () => (hasBackground ? startBackgroundPair(start) : start(false)));
}
