import { gravatarWithFallback, isGravatar } from "./gravatar.ts";
import { hostNameOf } from "./host-name.ts";
import { parseUrl, validPictureUrl } from "./picture-url.ts";
import { readPath } from "./read-path.ts";
import type { PictureSettings } from "./settings.ts";
import type { Verdict } from "./verdict.ts";

/** Rows 4 to 12: what becomes of the root `picture`, which Auth0 or the connection gave. */
export function decideRootPicture(event: unknown, settings: PictureSettings): Verdict {
  const { defaultUrl } = settings;
  const root = readPath(event, "user", "picture");
  const url = typeof root === "string" ? parseUrl(root) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    return { reason: "missing", claim: defaultUrl };
  if (hostNameOf(url) === "cdn.auth0.com") return { reason: "placeholder", claim: defaultUrl };
  if (isGravatar(url)) return decideGravatar(url, event, settings);
  // A database user may have written the root `picture` at sign-up; what a provider gives is the provider's.
  if (readPath(event, "connection", "strategy") === "auth0") {
    if (!validPictureUrl(root, settings)) return { reason: "root-refused", claim: defaultUrl };
  } else if (settings.social === "replace") return { reason: "social-replaced", claim: defaultUrl };
  return { reason: "kept", claim: null };
}

/** Rows 6 to 9. */
function decideGravatar(url: URL, event: unknown, { gravatar, defaultUrl }: PictureSettings): Verdict {
  if (readPath(event, "user", "user_metadata", "gravatar_disabled") === true) {
    return { reason: "gravatar-disabled", claim: defaultUrl };
  }
  if (gravatar === "never") return { reason: "gravatar-never", claim: defaultUrl };
  if (gravatar === "keep") return { reason: "kept", claim: null };
  return { reason: "gravatar-fallback", claim: gravatarWithFallback(url, defaultUrl) };
}
