import { gravatarWithFallback, isGravatar, takesFallback } from "./gravatar.ts";
import { disablesGravatar, readPath } from "./login.ts";
import { copyUrl } from "./picture-copy.ts";
import { isAllowedPlace, isPlaceholder, usableUrl } from "./picture-url.ts";
import type { PictureSettings } from "./settings.ts";
import type { Reason, Verdict } from "./verdict.ts";

/** Rows 4 to 13: what becomes of the root `picture`, which Auth0, the user or a provider gave. */
export function decideRootPicture(event: unknown, settings: PictureSettings): Verdict {
  const root = readPath(event, "user", "picture") ?? "";
  const url = usableUrl(root, settings)?.url;
  const refusal = refuse(root, url, event, settings);
  const refused: Verdict = { reason: refusal ?? "root-refused", claim: settings.defaultUrl };
  // Row 9: a copy also stands for what cannot be shown itself.
  if (refused.reason === "root-refused" && settings.copies === "show") {
    const claim = copyUrl(root, event, settings);
    if (claim) return { reason: "copy", claim };
  }
  const original = url && !refusal ? showOriginal(root, url, settings) : undefined;
  return original ?? refused;
}

/** Rows 11 to 13; undefined where a Gravatar is too long with our fallback. */
function showOriginal(root: unknown, url: URL, settings: PictureSettings): Verdict | undefined {
  if (isGravatar(url) && settings.gravatar === "fallback" && takesFallback(url)) {
    const claim = gravatarWithFallback(url, settings);
    return claim ? { reason: "gravatar-fallback", claim } : undefined;
  }
  return root === url.href ? { reason: "kept", claim: null } : { reason: "normalised", claim: url.href };
}

/** Rows 4 to 8, and what of row 10 is no Gravatar: why the default image is shown instead. */
function refuse(
  root: unknown,
  url: URL | undefined,
  event: unknown,
  settings: PictureSettings,
): Reason | undefined {
  if (typeof root === "string" && root.trim() === "") return "missing";
  if (url && isPlaceholder(url)) return "placeholder";
  if (url && isGravatar(url)) return refuseGravatar(event, settings);
  const provided = isProvided(readPath(event, "user", "user_id"));
  if (provided && settings.social === "replace") return "social-replaced";
  // A database user may have written the root `picture` at sign-up; what a provider gives is the provider's.
  return url && (provided || isAllowedPlace(url, settings)) ? undefined : "root-refused";
}

/** Rows 6 and 7. */
function refuseGravatar(event: unknown, settings: PictureSettings): Reason | undefined {
  if (disablesGravatar(event)) return "gravatar-disabled";
  return settings.gravatar === "never" ? "gravatar-never" : undefined;
}

/**
 * Whether the root profile is a provider's, by the strategy before the first `|` of the user id. With linked accounts both
 * the id and the root profile are the primary identity's, by whichever identity the user logs in.
 */
export function isProvided(userId: unknown): boolean {
  return typeof userId === "string" && userId.indexOf("|") > 0 && !userId.startsWith("auth0|");
}
