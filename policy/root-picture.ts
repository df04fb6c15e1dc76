import { gravatarWithFallback, isGravatar, takesFallback } from "./gravatar.ts";
import { disablesGravatar, readPath } from "./login.ts";
import { isAllowedPlace, isPlaceholder, usableUrl } from "./picture-url.ts";
import type { PictureSettings } from "./settings.ts";
import type { Reason, Verdict } from "./verdict.ts";

/** Rows 4 to 12: what becomes of the root `picture`, which Auth0, the user or a provider gave. */
export function decideRootPicture(event: unknown, settings: PictureSettings): Verdict {
  const root = readPath(event, "user", "picture") ?? "";
  const byDefault = (reason: Reason): Verdict => ({ reason, claim: settings.defaultUrl });
  if (typeof root === "string" && root.trim() === "") return byDefault("missing");
  const url = usableUrl(root, settings)?.url;
  if (url && isPlaceholder(url)) return byDefault("placeholder");
  const gravatar = url && isGravatar(url);
  if (gravatar && disablesGravatar(event)) return byDefault("gravatar-disabled");
  if (gravatar && settings.gravatar === "never") return byDefault("gravatar-never");
  const provided = isProvided(readPath(event, "user", "user_id"));
  if (!gravatar && provided && settings.social === "replace") return byDefault("social-replaced");
  // A database user may have written the root `picture` at sign-up; what a provider gives is the provider's.
  if (!url || !(gravatar || provided || isAllowedPlace(url, settings))) return byDefault("root-refused");
  if (gravatar && settings.gravatar === "fallback" && takesFallback(url)) {
    const claim = gravatarWithFallback(url, settings);
    return claim ? { reason: "gravatar-fallback", claim } : byDefault("root-refused");
  }
  return root === url.href ? { reason: "kept", claim: null } : { reason: "normalised", claim: url.href };
}

/**
 * Whether the root profile is a provider's, by the strategy before the first `|` of the user id. With linked accounts both
 * the id and the root profile are the primary identity's, by whichever identity the user logs in.
 */
export function isProvided(userId: unknown): boolean {
  return typeof userId === "string" && userId.indexOf("|") > 0 && !userId.startsWith("auth0|");
}
