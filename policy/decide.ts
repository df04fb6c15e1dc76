import { asksForProfile, readPath } from "./login.ts";
import { decideOwnPicture } from "./own-picture.ts";
import { decideRootPicture } from "./root-picture.ts";
import type { PictureSettings } from "./settings.ts";
import type { Verdict } from "./verdict.ts";

/** What an application shows after a login, why, and the claim that brings it about. */
export interface Decision extends Verdict {
  /** The claim, or else the root `picture`; null where that is no text. */
  readonly picture: string | null;
}

/**
 * What a login decides, all rows of docs/picture-policy.md together. Pure: no network, no clock, and no event
 * makes it throw, whatever it holds. The two Actions give the same when they run one after the other.
 */
export function decide(event: unknown, settings: PictureSettings): Decision {
  const { reason, claim } = decideClaim(event, settings);
  const root = readPath(event, "user", "picture");
  return { reason, picture: claim ?? (typeof root === "string" ? root : null), claim };
}

function decideClaim(event: unknown, settings: PictureSettings): Verdict {
  if (!asksForProfile(event, settings)) return { reason: "not-asked", claim: null };
  return decideOwnPicture(event, settings) ?? decideRootPicture(event, settings);
}
