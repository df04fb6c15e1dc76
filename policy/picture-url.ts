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
  if (url?.protocol !== "https:" || url.username || url.password || hostNameOf(url).split(".").includes(""))
    return undefined;
  const isAllowed =
    allowedPrefixes.some((prefix) => url.href.startsWith(prefix)) ||
    (allowedHosts.length > 0 ? isAllowedHost(url, allowedHosts) : isPublicHost(url));
  return isAllowed ? url.href : undefined;
}

/**
 * The WHATWG URL; undefined where the text is none. Not by `URL.canParse`: on Node 20 and 22 its optimised form says
 * no to internationalised hosts after some thousand calls.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    // The commonest text that is no URL, caught without the cost of a thrown error.
    return text === "" ? undefined : new URL(text);
  } catch {
    return undefined;
  }
}
