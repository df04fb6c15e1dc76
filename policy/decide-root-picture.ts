import { leaving, showing, showingDefault, type Decision } from "./decision.ts";
import { gravatarWithFallback, isGravatar } from "./gravatar.ts";
import { hostNameOf } from "./host-name.ts";
import { ownProperty } from "./own-property.ts";
import { parseUrl, validPictureUrl } from "./picture-url.ts";
import type { PictureSettings } from "./settings.ts";

/** Rows 4 to 12: what becomes of the root `picture`, which Auth0 or the connection gave. */
export function decideRootPicture(event: unknown, settings: PictureSettings): Decision {
  const user = ownProperty(event, "user");
  const root = ownProperty(user, "picture");
  const url = httpUrl(root);
  if (url === undefined) return showingDefault(settings, "missing");
  if (hostNameOf(url) === "cdn.auth0.com") return showingDefault(settings, "placeholder");
  if (isGravatar(url)) return decideGravatar(url, root, user, settings);
  return decideProvided(event, root, settings);
}

function httpUrl(value: unknown): URL | undefined {
  if (typeof value !== "string") return undefined;
  const url = parseUrl(value);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : undefined;
}

/** Rows 6 to 9. */
function decideGravatar(url: URL, root: unknown, user: unknown, settings: PictureSettings): Decision {
  if (ownProperty(ownProperty(user, "user_metadata"), "gravatar_disabled") === true) {
    return showingDefault(settings, "gravatar-disabled");
  }
  switch (settings.gravatar) {
    case "never":
      return showingDefault(settings, "gravatar-never");
    case "fallback":
      return showing(gravatarWithFallback(url, settings.defaultUrl), "gravatar-fallback");
    case "keep":
      return leaving(root, "kept");
  }
}

/** Rows 10 to 12. A database user may have written the root `picture` at sign-up; a provider's is its own. */
function decideProvided(event: unknown, root: unknown, settings: PictureSettings): Decision {
  if (ownProperty(ownProperty(event, "connection"), "strategy") === "auth0") {
    if (validPictureUrl(root, settings) === undefined) return showingDefault(settings, "root-refused");
  } else if (settings.social === "replace") {
    return showingDefault(settings, "social-replaced");
  }
  return leaving(root, "kept");
}
