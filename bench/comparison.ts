/** Of `users/s` more is better, of everything else less. */
export type Unit = "s" | "calls" | "MB" | "users/s";

/** What is compared with what; both are subjects of the same interleaved runs. */
export interface ComparisonPlan {
  /** Stable, for programs: `preview/empty-typescript`. */
  readonly name: string;
  readonly unit: Unit;
  /** The subjects' names, as the table shows them. */
  readonly ours: string;
  readonly against: string;
  /** Left out by `--quick`. */
  readonly slow?: boolean;
  /** What `--quick` compares instead. */
  readonly quick?: Pick<ComparisonPlan, "ours" | "against">;
}

/** A plan carried out. */
export interface Comparison extends Pick<ComparisonPlan, "name" | "unit"> {
  readonly ours: Statistics & { readonly what: string };
  readonly against: Statistics & { readonly what: string };
  /** Our median divided by the alternative's. */
  readonly ratio: number;
}

/** Compares what was measured; a plan whose subjects did not all run gives nothing. */
export function compare(plans: readonly ComparisonPlan[], samples: Samples): Comparison[] {
  return plans.flatMap(({ name, unit, ours, against }) => {
    const [own, other] = [ours, against].map((what) => valuesOf(samples, what, unit));
    if (own === undefined || other === undefined || own.length === 0 || other.length === 0) return [];
    const [a, b] = [statistics(own), statistics(other)];
    return [
      {
        name,
        unit,
        ours: { what: ours, ...a },
        against: { what: against, ...b },
        ratio: a.median / b.median,
      },
    ];
  });
}

/** The subjects that any of the plans needs. */
export function subjectsOf(plans: readonly ComparisonPlan[]): Set<string> {
  return new Set(plans.flatMap(({ ours, against }) => [ours, against]));
}

function valuesOf(samples: Samples, what: string, unit: Unit): number[] {
  return (samples.get(what) ?? []).flatMap((sample) => sample[unit] ?? []);
}

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

interface InterleaveOptions {
  readonly runs: number;
  /** Told what is about to run. */
  readonly progress: (line: string) => void;
}

/** The samples of each subject by its name, in the order of the runs. */
type Samples = ReadonlyMap<string, readonly Sample[]>;

/**
 * Runs the subjects in turns (A B C A B C …), so that other load on the machine affects all of them equally. A first
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
