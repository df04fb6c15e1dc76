import type { Samples } from "./interleave.ts";
import { statistics, type Statistics } from "./statistics.ts";

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
