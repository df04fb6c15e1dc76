export const bulkActions = ["set", "clear", "block", "unblock"] as const;

export type BulkAction = (typeof bulkActions)[number];

/** What one line of the file asks for, after it was checked. */
export interface BulkChange {
  /** Of the file, from 1: where the record begins. */
  readonly line: number;
  /** The whole user id. */
  readonly user: string;
  readonly action: BulkAction;
  /** For `set`: the address as a login gives it. */
  readonly url?: string;
  /** For `block`. */
  readonly reason?: string;
}

/** What is wrong with a line. */
export interface LineProblem {
  readonly line: number;
  readonly code: string;
  readonly message: string;
}
