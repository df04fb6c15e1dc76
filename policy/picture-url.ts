import { isAllowedHost } from "./allowed-hosts.ts";
import { hostNameOf } from "./host-name.ts";
import { isPublicHost } from "./public-host.ts";
import type { PictureSettings } from "./settings.ts";

/**
 * The normalised URL where `value` is a valid picture URL by docs/picture-policy.md ("A valid picture URL"),
 * else undefined. Only looks at the string: nothing is fetched.
 */
export function validPictureUrl(value: unknown, settings: PictureSettings): string | undefined {
  if (typeof value !== "string") return undefined;
  const trimmed = value.trim();
  // Before parsing, so that a string of megabytes costs nothing.
  if (trimmed.length > settings.maxLength) return undefined;
  const url = parseUrl(trimmed);
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") return undefined;
  if (hostNameOf(url).split(".").includes("")) return undefined;
  return isAllowed(url, settings) ? url.href : undefined;
}

export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function isAllowed(url: URL, { allowedHosts, allowedPrefixes }: PictureSettings): boolean {
  if (allowedPrefixes.some((prefix) => url.href.startsWith(prefix))) return true;
  return allowedHosts.length > 0 ? isAllowedHost(url, allowedHosts) : isPublicHost(url);
}
