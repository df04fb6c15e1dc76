import { showing, showingDefault, type ClaimingDecision } from "./decision.ts";
import { ownProperty } from "./own-property.ts";
import { validPictureUrl } from "./picture-url.ts";
import type { PictureSettings } from "./settings.ts";

/**
 * Rows 1 to 3: what moderators and the user themselves decided; undefined where they decided nothing. An
 * invalid own picture counts as none.
 */
export function decideOwnPicture(event: unknown, settings: PictureSettings): ClaimingDecision | undefined {
  const user = ownProperty(event, "user");
  if (ownProperty(ownProperty(user, "app_metadata"), "picture_blocked") === true) {
    return showingDefault(settings, "blocked");
  }
  const own = ownProperty(ownProperty(user, "user_metadata"), "picture");
  if (typeof own === "string" && own.trim() === "") return showingDefault(settings, "removed");
  const url = validPictureUrl(own, settings);
  return url === undefined ? undefined : showing(url, "user");
}
