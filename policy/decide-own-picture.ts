import { optsOut } from "./opts-out.ts";
import { validPictureUrl } from "./picture-url.ts";
import { readPath } from "./read-path.ts";
import type { PictureSettings } from "./settings.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Rows 1 to 3: what moderators, the application and the user themselves decided; undefined where they decided
 * nothing. A block comes first, so that opting out never evades moderation. An invalid own picture counts as none.
 */
export function decideOwnPicture(event: unknown, settings: PictureSettings): Verdict | undefined {
  if (readPath(event, "user", "app_metadata", "picture_blocked") === true) {
    return { reason: "blocked", claim: settings.defaultUrl };
  }
  if (optsOut(event)) return { reason: "off", claim: null };
  const own = readPath(event, "user", "user_metadata", "picture");
  if (typeof own === "string" && own.trim() === "") return { reason: "removed", claim: settings.defaultUrl };
  const claim = validPictureUrl(own, settings);
  return claim === undefined ? undefined : { reason: "user", claim };
}
