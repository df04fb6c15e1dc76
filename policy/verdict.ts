/** Why a login shows the picture that it shows: the last column of the table in docs/picture-policy.md. */
export type Reason =
  | "not-asked"
  | "blocked"
  | "off"
  | "removed"
  | "user"
  | "missing"
  | "placeholder"
  | "gravatar-disabled"
  | "gravatar-never"
  | "social-replaced"
  | "copy"
  | "root-refused"
  | "gravatar-fallback"
  | "normalised"
  | "kept";

/** What one Action decides: the `picture` claim to set, null for none, and why. */
export interface Verdict {
  readonly reason: Reason;
  readonly claim: string | null;
}
