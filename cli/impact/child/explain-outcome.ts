import type { WarmResult } from "../../../sandbox/child/warm-flow.ts";
import { decideOwnPicture } from "../../../policy/own-picture.ts";
import { decideRootPicture } from "../../../policy/root-picture.ts";
import { readPath } from "../../../policy/login.ts";
import { specialReasons, type FlowSettings, type Outcome } from "./messages.ts";

/** What the policy of this checkout says that a flow does. */
export interface Expectation {
  readonly reason: string;
  /** Null: none is set. */
  readonly claim: string | null;
}

/**
 * The code sets a claim and gives no reason: it is what `policy/` decides with the settings in the code's header. The event
 * is a login that asks for the profile, in an application that does not opt out.
 */
export function expectation(event: object, { own, root }: FlowSettings): Expectation {
  if (own === null || root === null) return { reason: specialReasons.unknown, claim: null };
  const verdict = own && decideOwnPicture(event, own);
  if (verdict) return verdict;
  return root ? decideRootPicture(event, root) : { reason: specialReasons.none, claim: null };
}

/** What a login shows, with the expected reason where the code did what is expected. */
export function explainOutcome({ claims, fails }: WarmResult, event: object, expected: Expectation): Outcome {
  if (fails !== undefined) return { reason: specialReasons.fails, picture: null };
  const claim = claims.get("picture");
  const isExpected = expected.reason === specialReasons.unknown || (claim ?? null) === expected.claim;
  return {
    reason: isExpected ? expected.reason : specialReasons.other,
    picture: shownPicture(claim, event),
  };
}

/** The claim, or else the root picture. */
function shownPicture(claim: unknown, event: object): string | null {
  const shown = claim === undefined ? readPath(event, "user", "picture") : claim;
  if (typeof shown === "string") return shown;
  // A claim of another type is one that an application cannot show; two of them may still differ.
  return claim === undefined || claim === null ? null : JSON.stringify(claim);
}
