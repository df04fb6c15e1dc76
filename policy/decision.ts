import type { PictureSettings } from "./settings.ts";

/** Why a login shows the picture that it shows: the last column of the table in docs/picture-policy.md. */
export type Reason =
  | "not-asked"
  | "blocked"
  | "removed"
  | "user"
  | "missing"
  | "placeholder"
  | "gravatar-disabled"
  | "gravatar-never"
  | "gravatar-fallback"
  | "kept"
  | "root-refused"
  | "social-replaced";

/** A decision that sets the ID token's `picture` claim to the picture. */
export interface ClaimingDecision {
  readonly reason: Exclude<Reason, LeavingReason>;
  readonly picture: string;
  readonly claim: string;
}

/** A decision that sets no claim: the root `picture` stands, null where the user has none. */
export interface LeavingDecision {
  readonly reason: LeavingReason;
  readonly picture: string | null;
  readonly claim: null;
}

/** What an application shows after this login, why, and the claim that brings it about. */
export type Decision = ClaimingDecision | LeavingDecision;

type LeavingReason = "kept" | "not-asked";

export function showing(picture: string, reason: ClaimingDecision["reason"]): ClaimingDecision {
  return { reason, picture, claim: picture };
}

export function showingDefault(
  settings: PictureSettings,
  reason: ClaimingDecision["reason"],
): ClaimingDecision {
  return showing(settings.defaultUrl, reason);
}

export function leaving(root: unknown, reason: LeavingReason): LeavingDecision {
  return { reason, picture: typeof root === "string" ? root : null, claim: null };
}
