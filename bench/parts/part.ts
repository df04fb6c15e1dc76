import type { Comparison, ComparisonPlan } from "../comparison.ts";
import type { BenchWorld } from "../world/bench-world.ts";

export interface PartOptions {
  /** What is to be found out: no other subject runs. */
  readonly plans: readonly ComparisonPlan[];
  readonly runs: number;
  readonly progress: (line: string) => void;
}

/** A group of comparisons whose subjects run in turns. */
export interface Part {
  readonly plans: readonly ComparisonPlan[];
  readonly measure: (bench: BenchWorld, options: PartOptions) => Promise<Comparison[]>;
}
