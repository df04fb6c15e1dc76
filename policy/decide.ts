import { asksForProfile } from "./asks-for-profile.ts";
import { decideOwnPicture } from "./decide-own-picture.ts";
import { decideRootPicture } from "./decide-root-picture.ts";
import { leaving, type Decision } from "./decision.ts";
import { ownProperty } from "./own-property.ts";
import type { PictureSettings } from "./settings.ts";

/**
 * What a login decides, all rows of docs/picture-policy.md together. Pure: no network, no clock, and no event
 * makes it throw, whatever it holds. The two Actions give the same when they run one after the other.
 */
export function decide(event: unknown, settings: PictureSettings): Decision {
  if (!asksForProfile(event)) return leaving(ownProperty(ownProperty(event, "user"), "picture"), "not-asked");
  return decideOwnPicture(event, settings) ?? decideRootPicture(event, settings);
}
