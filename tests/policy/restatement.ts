import { isIP } from "node:net";
import type { PictureSettings } from "../../policy/settings.ts";

/** What a login decides, as `decide` reports it. */
export interface Restated {
  readonly reason: string;
  readonly picture: string | null;
  readonly claim: string | null;
}

/** One row of the table: its reason, whether it is met, the picture it shows. */
type Row = readonly [reason: string, met: boolean, picture: string | null];

const withoutClaim = ["not-asked", "off", "kept"];

/**
 * The table of docs/picture-policy.md said a second time, from its text alone: nothing of policy/ is used
 * here but the type of the settings. All facts first, then all rows, and the first row that is met decides.
 */
export function restate(event: unknown, settings: PictureSettings): Restated {
  const { defaultUrl } = settings;
  const root = own(event, "user", "picture");
  const rootText = typeof root === "string" ? root : null;
  const set = own(event, "user", "user_metadata", "picture");
  const shownOwn = ownPicture(set, disablesGravatars(event), settings);
  const rows: Row[] = [
    ["not-asked", !asked(event, settings), rootText],
    ["blocked", own(event, "user", "app_metadata", "picture_blocked") === true, defaultUrl],
    ["off", own(event, "client", "metadata", "picture_policy") === "off", rootText],
    ["removed", isBlank(set), defaultUrl],
    ["user", shownOwn !== null, shownOwn],
    ["missing", root === undefined || root === null || isBlank(root), defaultUrl],
    ...rootRows(event, settings),
  ];
  const [reason, , picture] = rows.find(([, met]) => met) ?? ["kept", true, rootText];
  return { reason, picture, claim: withoutClaim.includes(reason) ? null : picture };
}

/** Rows 5 to 12, of a root picture that is there. */
function rootRows(event: unknown, settings: PictureSettings): Row[] {
  const { defaultUrl, gravatar, social } = settings;
  const root = own(event, "user", "picture");
  const url = usable(root, settings)?.url ?? null;
  const fromProvider = isProviders(own(event, "user", "user_id"));
  const shownCopy = copyOfRoot(event, settings);
  const copy: Row = ["copy", shownCopy !== null, shownCopy];
  if (url === null) {
    return [
      ["social-replaced", fromProvider && social === "replace", defaultUrl],
      copy,
      ["root-refused", true, defaultUrl],
    ];
  }
  if (isInitials(url)) return [["placeholder", true, defaultUrl]];
  const asIs: Row = ["normalised", root !== url.href, url.href];
  if (!isGravatarUrl(url)) {
    return [
      ["social-replaced", fromProvider && social === "replace", defaultUrl],
      copy,
      ["root-refused", !fromProvider && !isPlaceForUsers(url, settings), defaultUrl],
      asIs,
    ];
  }
  const getsFallback = gravatar === "fallback" && !url.pathname.startsWith("/userimage/");
  const withFallback = getsFallback ? fallbackUrl(url, defaultUrl) : "";
  return [
    ["gravatar-disabled", disablesGravatars(event), defaultUrl],
    ["gravatar-never", gravatar === "never", defaultUrl],
    copy,
    ["root-refused", withFallback.length > settings.maxLength, defaultUrl],
    ["gravatar-fallback", getsFallback, withFallback],
    asIs,
  ];
}

function disablesGravatars(event: unknown): boolean {
  return own(event, "user", "user_metadata", "gravatar_disabled") === true;
}

/** The member at the end of the path; undefined where one of them is no member of the object's own. */
function own(value: unknown, ...path: string[]): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (found === null || found === undefined) return undefined;
    found = Object.getOwnPropertyDescriptor(Object(found), key) ? (found as never)[key] : undefined;
  }
  return found;
}

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim().length === 0;
}

/** Row 0. SAML has no scopes: they count for nothing where the picture goes into its response. */
function asked(event: unknown, settings: PictureSettings): boolean {
  const saml = settings.samlAttribute !== undefined && own(event, "transaction", "protocol") === "samlp";
  const scopes = own(event, "transaction", "requested_scopes");
  return saml || !Array.isArray(scopes) || scopes.some((scope) => scope === "profile");
}

/** "The provider's": what stands before the first bar of the user id. */
function isProviders(userId: unknown): boolean {
  if (typeof userId !== "string" || !userId.includes("|")) return false;
  return !["", "auth0"].includes(userId.split("|", 1)[0] ?? "");
}

/** "Usable URL", with the scheme as it was written. */
function usable(value: unknown, { maxLength }: PictureSettings): { url: URL; scheme: string } | null {
  const trimmed = typeof value === "string" ? value.trim() : null;
  if (trimmed === null || trimmed.length > maxLength) return null;
  const written = parsed(trimmed);
  if (written === null) return null;
  const scheme = written.protocol;
  if (scheme !== "https:" && !(scheme === "http:" && written.port === "")) return null;
  if (written.username + written.password !== "") return null;
  if (
    bareHost(written)
      .split(".")
      .some((label) => label.length === 0)
  )
    return null;
  const url = new URL(written.href.replace(/^http:/, "https:"));
  return url.href.length > maxLength ? null : { url, scheme };
}

/** Row 3: what is shown of `user_metadata.picture`, or null. */
function ownPicture(value: unknown, disabled: boolean, settings: PictureSettings): string | null {
  const found = usable(value, settings);
  if (found?.scheme !== "https:" || !isPlaceForUsers(found.url, settings)) return null;
  const { url } = found;
  if (isInitials(url)) return null;
  if (!isGravatarUrl(url)) return url.href;
  if (disabled || settings.gravatar === "never") return null;
  if (settings.gravatar === "keep" || url.pathname.startsWith("/userimage/")) return url.href;
  const changed = fallbackUrl(url, settings.defaultUrl);
  return changed.length > settings.maxLength ? null : changed;
}

/** Row 9: the copy that `app_metadata.picture_copy` notes of the root picture as it is now, or null. */
function copyOfRoot(event: unknown, settings: PictureSettings): string | null {
  const [root, of, noted] = [
    own(event, "user", "picture"),
    own(event, "user", "app_metadata", "picture_copy", "of"),
    own(event, "user", "app_metadata", "picture_copy", "url"),
  ];
  const href = usable(noted, settings)?.url.href;
  if (settings.copies !== "show" || href === undefined || typeof root !== "string") return null;
  const isOurs = settings.allowedPrefixes.some((prefix) => href.startsWith(prefix));
  return isOurs && of === restatedFingerprint(root) ? href : null;
}

/** The table "What a fingerprint leaves out": by the host, and on any host. */
const leftOut: readonly (readonly [host: (host: string) => boolean, names: RegExp])[] = [
  [(host) => /lookaside\.(fbsbx|facebook)\.com$/.test(host), /^(ext|hash)$/],
  [(host) => host.endsWith(".fbcdn.net") || host.endsWith(".cdninstagram.com"), /^(oh|oe|ccb|_nc_\w+)$/],
  [(host) => host.endsWith(".licdn.com"), /^[etv]$/],
  [(host) => host.endsWith(".sinaimg.cn"), /^(kid|expires|ssig)$/],
  // Whatever stands behind the dash, a line break too.
  [() => true, /^(x-amz-.*|x-goog-.*|x-expires|x-signature)$/s],
];

/** "Fingerprint": two 32-bit FNV-1a sums, of FNV's own prime and of another factor, in hexadecimal. */
export function restatedFingerprint(root: string): string {
  const mark = root.indexOf("?");
  const [address, query] = mark < 0 ? [root, ""] : [root.slice(0, mark), root.slice(mark + 1)];
  const afterScheme = address.replace(/^https?:\/\//i, "");
  const host = afterScheme.split(/[/#&]/, 1)[0]!.slice(0, 253).toLowerCase();
  const isUrl = mark >= 0 && afterScheme !== address && host !== "";
  const text = isUrl ? `${address}?${withoutSignature(host, query)}` : root;
  return [0x01000193n, 0x85ebca6bn].map((factor) => fnv(text, factor)).join("");
}

function withoutSignature(host: string, query: string): string {
  const kept = query.split("&").filter((parameter) => {
    const name = parameter.split("=", 1)[0]!.toLowerCase();
    const isNamed = parameter.includes("=") || /^x-(amz|goog)-/.test(name);
    return !isNamed || !leftOut.some(([isOf, names]) => isOf(host) && names.test(name));
  });
  return kept.join("&");
}

function fnv(text: string, factor: bigint): string {
  let sum = factor;
  for (const unit of text.split("")) sum = BigInt.asUintN(32, (sum ^ BigInt(unit.charCodeAt(0))) * factor);
  return sum.toString(16).padStart(8, "0");
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
  return url.hostname.endsWith(".") ? url.hostname.slice(0, -1) : url.hostname;
}

/** "Placeholder". */
function isInitials(url: URL): boolean {
  const host = bareHost(url);
  const images = ["i0.wp.com", "i1.wp.com", "i2.wp.com", "i3.wp.com"];
  return host === "cdn.auth0.com" || (images.includes(host) && url.pathname.startsWith("/cdn.auth0.com/"));
}

/** "Gravatar". */
function isGravatarUrl(url: URL): boolean {
  const { pathname, port } = url;
  const host = bareHost(url);
  if (port !== "" || !(host === "gravatar.com" || host.endsWith(".gravatar.com"))) return false;
  const starts = ["/avatar/", "/avatar.php", "/userimage/"].some((start) => pathname.startsWith(start));
  return starts || pathname === "/avatar";
}

/** "With our fallback", of one that is not under /userimage/. */
function fallbackUrl(url: URL, fallback: string): string {
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

/** Where users may put pictures, of an https URL. */
function isPlaceForUsers(url: URL, { allowedHosts, allowedPrefixes }: PictureSettings): boolean {
  if (allowedPrefixes.some((prefix) => url.href.startsWith(prefix))) return true;
  const host = bareHost(url);
  return allowedHosts.length > 0 ? isListed(host, url.port, allowedHosts) : isPublic(host, url.port);
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

const privateDomains = [
  ...["local", "localhost", "internal", "test", "example", "invalid", "onion", "lan", "corp", "alt"],
  "home.arpa",
];

function isPublic(host: string, port: string): boolean {
  // WHATWG puts an IPv6 address into brackets, and writes every notation of an IPv4 address with four numbers.
  if (port !== "" || host.startsWith("[") || isIP(host) !== 0 || !host.includes(".")) return false;
  return !privateDomains.some((domain) => host.endsWith(`.${domain}`));
}
