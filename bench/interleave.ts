import type { Unit } from "./comparison.ts";

/** One run's results, by their unit. */
export type Sample = Readonly<Partial<Record<Unit, number>>>;

/** Something whose runs are compared with those of others. */
export interface Subject {
  readonly name: string;
  /** It fills no caches: it is left out of the round that does. */
  readonly needsNoWarmUp?: boolean;
  /** Rejects where it did not do what it is measured for. */
  readonly run: () => Promise<Sample>;
}

export interface InterleaveOptions {
  readonly runs: number;
  /** Told what is about to run. */
  readonly progress: (line: string) => void;
}

/** The samples of each subject by its name, in the order of the runs. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

/**
 * Runs the subjects in turns (A B C A B C …), so that whatever else the machine does meets all of them alike. A first
 * round only fills caches: it is not kept.
 */
export async function interleave(
  subjects: readonly Subject[],
  { runs, progress }: InterleaveOptions,
): Promise<Samples> {
  const samples = new Map<string, Sample[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round <= runs; round++) {
    for (const { name, needsNoWarmUp = false, run } of subjects) {
      if (round === 0 && needsNoWarmUp) continue;
      progress(round === 0 ? `warming up: ${name}` : `run ${round} of ${runs}: ${name}`);
      const sample = await run();
      if (round > 0) samples.get(name)?.push(sample);
    }
  }
  return samples;
}
