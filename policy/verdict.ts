import type { Reason } from "./reason.ts";

/** What one Action decides: the `picture` claim to set, null for none, and why. */
export interface Verdict {
  readonly reason: Reason;
  readonly claim: string | null;
}
