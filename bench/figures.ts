import type { Comparison, Unit } from "./comparison.ts";
import type { Machine } from "./machine.ts";

/** What `--json` prints of a comparison. */
export interface Figure {
  readonly name: string;
  /** Our median. */
  readonly value: number;
  /** Of both values. */
  readonly unit: Unit;
  /** The alternative's median. */
  readonly against: number;
  /** `value` divided by `against`. */
  readonly ratio: number;
  /** Of each of the two, in turns. */
  readonly runs: number;
}

export interface FiguresReport {
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

/** The report of `npm run --silent bench -- --json`. */
export function figuresReport(machine: Machine, comparisons: readonly Comparison[]): FiguresReport {
  const figures = comparisons.map(({ name, unit, ours, against, ratio }) => ({
    name,
    value: rounded(ours.median),
    unit,
    against: rounded(against.median),
    ratio: rounded(ratio),
    runs: Math.min(ours.runs, against.runs),
  }));
  return { machine, figures };
}

/** To four digits: more would be noise. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
