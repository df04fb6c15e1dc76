import type { Decision } from "../../policy/decide.ts";
import type { BulkAction, BulkChange } from "./bulk-change.ts";

/**
 * What became of a line: `unchanged` was like this already, `gone` does not exist. `would-change` is a dry run's.
 */
export const outcomes = ["changed", "would-change", "unchanged", "gone", "failed"] as const;

export type Outcome = (typeof outcomes)[number];

/** What a login shows, and why. */
export type Shown = Pick<Decision, "picture" | "reason">;

/** A line of the report. */
export interface BulkOutcome {
  readonly line: number;
  readonly user: string;
  readonly action: BulkAction;
  readonly outcome: Outcome;
  /** How it was, or would be, written. */
  readonly via?: "import" | "patch";
  /** What logins show; missing where the user could not be read. */
  readonly before?: Shown;
  readonly after?: Shown;
  /** Of a failure. */
  readonly code?: string;
  readonly message?: string;
}

export function outcomeOf(
  { line, user, action }: BulkChange,
  outcome: Outcome,
  rest: Omit<BulkOutcome, "line" | "user" | "action" | "outcome"> = {},
): BulkOutcome {
  return { line, user, action, outcome, ...rest };
}

/** Of a number of lines. */
export interface BulkCounts {
  readonly outcomes: Partial<Record<Outcome, number>>;
  readonly via: Partial<Record<"import" | "patch", number>>;
  /** Why logins show what they show after it, of those who exist. */
  readonly reasons: Partial<Record<Decision["reason"], number>>;
}

export function noCounts(): BulkCounts {
  return { outcomes: {}, via: {}, reasons: {} };
}

/** Counts one more. */
export function countOutcome({ outcomes: byOutcome, via, reasons }: BulkCounts, found: BulkOutcome): void {
  addOne(byOutcome, found.outcome);
  if (found.via !== undefined) addOne(via, found.via);
  if (found.after !== undefined) addOne(reasons, found.after.reason);
}

function addOne<Name extends string>(counts: Partial<Record<Name, number>>, name: Name): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
