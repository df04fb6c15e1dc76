import { gravatarWithFallback, isGravatar } from "./gravatar.ts";
import { disablesGravatar, optsOut, readPath } from "./login.ts";
import { isAllowedPlace, isPlaceholder, usableUrl } from "./picture-url.ts";
import type { PictureSettings } from "./settings.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Rows 1 to 3: what moderators, the application and the user themselves decided; undefined where they decided
 * nothing. A block comes first, so that opting out never evades moderation. An own picture that is not shown counts as none.
 */
export function decideOwnPicture(event: unknown, settings: PictureSettings): Verdict | undefined {
  if (readPath(event, "user", "app_metadata", "picture_blocked") === true) {
    return { reason: "blocked", claim: settings.defaultUrl };
  }
  if (optsOut(event)) return { reason: "off", claim: null };
  const own = readPath(event, "user", "user_metadata", "picture");
  if (typeof own === "string" && own.trim() === "") return { reason: "removed", claim: settings.defaultUrl };
  const claim = ownPictureUrl(own, settings, disablesGravatar(event));
  return claim === undefined ? undefined : { reason: "user", claim };
}

/**
 * Row 3: what a login shows of `user_metadata.picture`, as a normalised URL; undefined where it shows nothing of it.
 *
 * @param withoutGravatar Whether the user's Gravatars are switched off.
 */
export function ownPictureUrl(
  own: unknown,
  settings: PictureSettings,
  withoutGravatar: boolean,
): string | undefined {
  const { url, secure } = usableUrl(own, settings) ?? {};
  if (!url || !secure || !isAllowedPlace(url, settings) || isPlaceholder(url)) return undefined;
  if (!isGravatar(url)) return url.href;
  if (settings.gravatar === "never" || withoutGravatar) return undefined;
  return settings.gravatar === "keep" ? url.href : gravatarWithFallback(url, settings);
}
