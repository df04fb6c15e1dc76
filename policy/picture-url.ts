import { isAllowedHost } from "./allowed-hosts.ts";
import { hostNameOf } from "./host-name.ts";
import { isPublicHost } from "./public-host.ts";
import type { PictureSettings } from "./settings.ts";

/**
 * The normalised URL where `value` is a valid picture URL by docs/picture-policy.md ("A valid picture URL"),
 * else undefined. Only looks at the string: nothing is fetched.
 */
export function validPictureUrl(value: unknown, settings: PictureSettings): string | undefined {
  const { allowedHosts, allowedPrefixes, maxLength } = settings;
  const text = typeof value === "string" ? value.trim() : "";
  // Before parsing, so that a string of megabytes costs nothing.
  const url = text.length > maxLength ? undefined : parseUrl(text);
  if (url?.protocol !== "https:" || url.username || url.password) return undefined;
  if (hostNameOf(url).split(".").includes("")) return undefined;
  const isAllowed =
    allowedPrefixes.some((prefix) => url.href.startsWith(prefix)) ||
    (allowedHosts.length > 0 ? isAllowedHost(url, allowedHosts) : isPublicHost(url));
  return isAllowed ? url.href : undefined;
}

/** The WHATWG URL; undefined where the text is none. Asked first, since a thrown error costs twenty times as much. */
export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
