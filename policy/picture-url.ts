import type { PictureSettings } from "./settings.ts";

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

/** The URL's host name as every rule tests it: lower case (WHATWG), one final dot taken off. */
export function hostNameOf(url: URL): string {
  return url.hostname.replace(/\.$/, "");
}

/** What a text is as a picture's address ("Usable URL" in docs/picture-policy.md). */
export interface UsableUrl {
  /** Always https, at most `maxLength` characters long. */
  readonly url: URL;
  /** Whether it was written as https; else as http, on the default port. */
  readonly secure: boolean;
}

/** Undefined where `value` is no text or has no usable URL. Only looks at the string: nothing is fetched. */
export function usableUrl(value: unknown, { maxLength }: PictureSettings): UsableUrl | undefined {
  const text = typeof value === "string" ? value.trim() : "";
  // Before parsing, so that a string of megabytes costs nothing.
  const url = text.length > maxLength ? undefined : parseUrl(text);
  // An empty label; one final dot is none.
  if (!url || url.username || url.password || /^\.|\.\./.test(url.hostname)) return undefined;
  const secure = url.protocol === "https:";
  // WHATWG leaves the default port out of a URL.
  if (url.protocol === "http:" && !url.port) url.protocol = "https:";
  // Normalising makes some texts longer.
  return url.protocol === "https:" && url.href.length <= maxLength ? { url, secure } : undefined;
}

/** Whether users may set a picture that lives at this https URL. */
export function isAllowedPlace(url: URL, settings: PictureSettings): boolean {
  const hosts = settings.allowedHosts;
  if (isOwnObject(url, settings)) return true;
  return hosts.length ? isAllowedHost(url, hosts) : isPublicHost(url);
}

/** Whether it is the URL of one of the deployment's own `users/` objects; it must be in its normal form. */
export function isOwnObject(
  { href }: Pick<URL, "href">,
  { allowedPrefixes }: Pick<PictureSettings, "allowedPrefixes">,
): boolean {
  return allowedPrefixes.some((prefix) => href.startsWith(prefix));
}

/** Whether an entry of the allow-list (`host`, `host:port` or `*.domain`) matches the https URL's host. */
function isAllowedHost(url: URL, hosts: readonly string[]): boolean {
  // WHATWG leaves the default port out of a URL, and so it is left out of the entries.
  const host = hostNameOf(url) + (url.port && `:${url.port}`);
  return hosts.some((allowed) => {
    const entry = allowed.toLowerCase().replace(/:443$/, "");
    return entry.startsWith("*.") ? host.endsWith(entry.slice(1)) : host === entry;
  });
}

/**
 * Addresses and names that no public DNS serves. WHATWG has rewritten every notation of an IPv4 address
 * (hexadecimal, octal, one number) to four decimal ones, and an IPv6 address stands in brackets.
 */
const notPublic =
  /^\[|^[\d.]+$|\.(local|localhost|internal|test|example|invalid|onion|lan|corp|alt|home\.arpa)$/;

/** Whether the https URL is on its default port of a host that has a public DNS name. */
export function isPublicHost(url: URL): boolean {
  const hostName = hostNameOf(url);
  return url.port === "" && hostName.includes(".") && !notPublic.test(hostName);
}

/** Auth0's initials, also by way of Gravatar's image host: what a Gravatar redirects to when it falls back to them. */
export function isPlaceholder(url: URL): boolean {
  const hostName = hostNameOf(url);
  return (
    hostName === "cdn.auth0.com" ||
    (/^i[0-3]\.wp\.com$/.test(hostName) && url.pathname.startsWith("/cdn.auth0.com/"))
  );
}
