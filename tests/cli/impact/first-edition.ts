import { isIP } from "node:net";
import type { PictureSettings } from "../../../policy/settings.ts";

interface Restated {
  readonly reason: string;
  readonly picture: string | null;
  readonly claim: string | null;
}

/** One row of the table: its reason, whether it is met, the picture it shows. */
type Row = readonly [reason: string, met: boolean, picture: string | null];

const withoutClaim = ["not-asked", "off", "kept"];

/** The first edition of the picture policy, restated from the text of its table. */
export function restateFirst(event: unknown, settings: PictureSettings): Restated {
  const metadata = read(event, "user", "user_metadata");
  const own = read(metadata, "picture");
  const ownUrl = pictureUrl(own, settings);
  const root = read(event, "user", "picture");
  const rootText = typeof root === "string" ? root : null;
  const rootUrl = webUrl(root);
  const gravatar = rootUrl !== null && isGravatarUrl(rootUrl);
  const fromDatabase = read(event, "connection", "strategy") === "auth0";
  const shown = settings.defaultUrl;
  const rows: Row[] = [
    ["not-asked", !asked(event, settings), rootText],
    ["blocked", read(event, "user", "app_metadata", "picture_blocked") === true, shown],
    ["off", read(event, "client", "metadata", "picture_policy") === "off", rootText],
    ["removed", isBlank(own), shown],
    ["user", ownUrl !== null, ownUrl],
    ["missing", rootUrl === null, shown],
    ["placeholder", rootUrl !== null && bareHost(rootUrl) === "cdn.auth0.com", shown],
    ["gravatar-disabled", gravatar && read(metadata, "gravatar_disabled") === true, shown],
    ["gravatar-never", gravatar && settings.gravatar === "never", shown],
    ["gravatar-fallback", gravatar && settings.gravatar === "fallback", withFallback(rootUrl, shown)],
    ["kept", gravatar && settings.gravatar === "keep", rootText],
    ["root-refused", fromDatabase && pictureUrl(root, settings) === null, shown],
    ["social-replaced", !fromDatabase && settings.social === "replace", shown],
  ];
  const [reason, , picture] = rows.find(([, met]) => met) ?? ["kept", true, rootText];
  return { reason, picture, claim: withoutClaim.includes(reason) ? null : picture };
}

/** The member at the end of the path, undefined where anything before it is no object. */
function read(value: unknown, ...path: string[]): unknown {
  let found: unknown = value;
  for (const key of path) found = (found as Record<string, unknown> | null | undefined)?.[key];
  return found;
}

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim().length === 0;
}

/** Row 0. SAML has no scopes: they count for nothing where the picture goes into its response. */
function asked(event: unknown, settings: PictureSettings): boolean {
  const saml = settings.samlAttribute !== undefined && read(event, "transaction", "protocol") === "samlp";
  const scopes = read(event, "transaction", "requested_scopes");
  return saml || !Array.isArray(scopes) || scopes.some((scope) => scope === "profile");
}

function webUrl(value: unknown): URL | null {
  const url = typeof value === "string" ? parsed(value) : null;
  return url !== null && ["http:", "https:"].includes(url.protocol) ? url : null;
}

/** Not by URL.canParse: after some thousand calls Node 20 and 22 deny it of URLs with "ü" and the like in the host. */
function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function bareHost(url: URL): string {
  return url.hostname.replace(/\.$/, "");
}

function isGravatarUrl(url: URL): boolean {
  const host = bareHost(url);
  return (host === "gravatar.com" || host.endsWith(".gravatar.com")) && url.pathname.startsWith("/avatar/");
}

function withFallback(url: URL | null, fallback: string): string | null {
  if (url === null) return null;
  const query: [string, string][] = [];
  for (const [name, value] of url.searchParams) {
    if (!["d", "default", "f", "forcedefault"].includes(name)) query.push([name, value]);
    // The document names no place for `d`: where the first one was, else at the end.
    if (name === "d" && !query.some(([before]) => before === "d")) query.push(["d", fallback]);
  }
  if (!query.some(([name]) => name === "d")) query.push(["d", fallback]);
  const result = new URL(url.href);
  result.search = new URLSearchParams(query).toString();
  return result.href;
}

/** "A valid picture URL" of the document: the normalised URL or null. */
function pictureUrl(value: unknown, settings: PictureSettings): string | null {
  if (typeof value !== "string") return null;
  const text = value.trim();
  const url = text.length > settings.maxLength ? null : parsed(text);
  if (url?.protocol !== "https:" || url.username + url.password !== "") return null;
  const host = bareHost(url);
  if (host.split(".").some((label) => label.length === 0)) return null;
  if (settings.allowedPrefixes.some((prefix) => url.href.startsWith(prefix))) return url.href;
  const listed = settings.allowedHosts.length > 0;
  const good = listed ? isListed(host, url.port, settings.allowedHosts) : isPublic(host, url.port);
  return good ? url.href : null;
}

function isListed(host: string, port: string, entries: readonly string[]): boolean {
  for (const entry of entries.map((text) => text.toLowerCase())) {
    const [name = "", entryPort = "443"] = entry.split(":");
    const samePort = (port === "" ? "443" : port) === entryPort;
    const sameName = name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name;
    if (samePort && sameName) return true;
  }
  return false;
}

const privateDomains = ["local", "localhost", "internal", "test", "example", "invalid", "onion"];

function isPublic(host: string, port: string): boolean {
  const labels = host.split(".");
  // WHATWG puts an IPv6 address into brackets, and writes every notation of an IPv4 address with four numbers.
  if (port !== "" || host.startsWith("[") || isIP(host) !== 0 || labels.length < 2) return false;
  return !privateDomains.includes(labels.at(-1) ?? "");
}
