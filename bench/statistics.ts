/** What is told of several runs of the same thing. */
export interface Statistics {
  readonly minimum: number;
  readonly median: number;
  /** Of the runs, the largest less the smallest. */
  readonly spread: number;
  readonly runs: number;
}

/** @param values At least one. */
export function statistics(values: readonly number[]): Statistics {
  const sorted = [...values].sort((a, b) => a - b);
  const minimum = sorted[0];
  const maximum = sorted.at(-1);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  if (minimum === undefined || maximum === undefined || low === undefined || high === undefined) {
    throw new RangeError("There are no runs to tell of.");
  }
  return { minimum, median: (low + high) / 2, spread: maximum - minimum, runs: sorted.length };
}
