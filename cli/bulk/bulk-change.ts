import type { Decision } from "../../policy/decide.ts";
import type { JournalEntry } from "../people/journal.ts";

export const bulkActions = ["set", "clear", "block", "unblock"] as const;

export type BulkAction = (typeof bulkActions)[number];

/** What one line of the file asks for, after it was checked, or what `undo` does to one user of a run. */
export interface BulkChange {
  /** Of the file, from 1: where the record begins. Of `undo`, a number in the run. */
  readonly line: number;
  /** The whole user id: the primary one, once it was looked up. */
  readonly user: string;
  /** The id in the file, where that is the one of a linked identity. */
  readonly linkedId?: string;
  readonly action: BulkAction | "undo";
  /** For `set`: the address as a login gives it. */
  readonly url?: string;
  /** For `block`. */
  readonly reason?: string;
  /** For `undo`: the write to take back; missing where the journal does not have it any more. */
  readonly restores?: JournalEntry;
}

/** What is wrong with a line. */
export interface LineProblem {
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

/**
 * What became of a line: `unchanged` was like this already, `gone` does not exist. `would-change` is a dry run's. `left` is
 * for `undo`: it must not, or cannot, be taken back.
 */
export const outcomes = ["changed", "would-change", "unchanged", "left", "gone", "failed"] as const;

export type Outcome = (typeof outcomes)[number];

/** What a login shows, and why. */
export type Shown = Pick<Decision, "picture" | "reason">;

/** A line of the report. */
export interface BulkOutcome {
  readonly line: number;
  /** The primary id. */
  readonly user: string;
  /** See `BulkChange`. */
  readonly linkedId?: string;
  readonly action: BulkChange["action"];
  readonly outcome: Outcome;
  /** How it was, or would be, written. */
  readonly via?: "import" | "patch";
  /** What logins show; missing where the user could not be read. */
  readonly before?: Shown;
  readonly after?: Shown;
  /** Of a failure, why the user was left, or what became of a block: see `blockCodes`. */
  readonly code?: string;
  readonly message?: string;
}

export function outcomeOf(
  { line, user, linkedId, action }: BulkChange,
  outcome: Outcome,
  rest: Omit<BulkOutcome, "line" | "user" | "linkedId" | "action" | "outcome"> = {},
): BulkOutcome {
  return { line, user, ...(linkedId === undefined ? {} : { linkedId }), action, outcome, ...rest };
}

/**
 * What is said of a user whose picture is, or was, blocked: the block was set while the run was at work, or it was gone after
 * the write and was set again.
 */
export const blockCodes = ["blocked-meanwhile", "block-restored"] as const;

export type BlockCode = (typeof blockCodes)[number];

/** Whether people should look at the user. */
export function isTrouble({ outcome, code }: BulkOutcome): boolean {
  return ["gone", "left", "failed"].includes(outcome) || code !== undefined;
}

/** Of a number of lines. */
export interface BulkCounts {
  readonly outcomes: Partial<Record<Outcome, number>>;
  readonly via: Partial<Record<"import" | "patch", number>>;
  /** Why logins show what they show after it, of those who exist. */
  readonly reasons: Partial<Record<Decision["reason"], number>>;
  readonly blocks: Partial<Record<BlockCode, number>>;
  /** See `isTrouble`. */
  troubles: number;
}

export function noCounts(): BulkCounts {
  return { outcomes: {}, via: {}, reasons: {}, blocks: {}, troubles: 0 };
}

/** Counts one more. */
export function countOutcome(counts: BulkCounts, found: BulkOutcome): void {
  const { outcomes: byOutcome, via, reasons, blocks } = counts;
  addOne(byOutcome, found.outcome);
  const block = blockCodes.find((code) => code === found.code);
  if (block !== undefined) addOne(blocks, block);
  if (isTrouble(found)) counts.troubles += 1;
  if (found.via !== undefined) addOne(via, found.via);
  if (found.after !== undefined) addOne(reasons, found.after.reason);
}

function addOne<Name extends string>(counts: Partial<Record<Name, number>>, name: Name): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** All problems are counted, and the first of them by line are kept. */
export interface FirstProblems {
  readonly add: (problem: LineProblem) => void;
  readonly total: () => number;
  readonly first: () => readonly LineProblem[];
}

export function firstProblems(kept: number): FirstProblems {
  let found: LineProblem[] = [];
  let total = 0;
  const sorted = () => found.sort((a, b) => a.line - b.line).slice(0, kept);
  return {
    add: (problem) => {
      total += 1;
      found.push(problem);
      if (found.length >= kept * 2) found = sorted();
    },
    total: () => total,
    first: sorted,
  };
}
