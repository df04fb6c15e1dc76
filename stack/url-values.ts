import { parseUrl, readDomain } from "../lib/url.ts";
import { hostNameOf, isPublicHost } from "../policy/picture-url.ts";
import { problem, value, type Parser } from "./config-value.ts";

/** A tenant's own domain, in lower case, without https://. */
export const tenantDomain: Parser<string> = (text) => {
  const read = readDomain(text);
  if ("domain" in read) return value(read.domain);
  return problem(read.why, "use the tenant's domain by itself, such as acme-dev.eu.auth0.com");
};

/** An https URL without credentials, as people's browsers will fetch it. */
export const httpsUrl: Parser<string> = (text) => {
  const url = parseUrl(text);
  if (url?.protocol !== "https:")
    return problem("is not an https URL", "use a URL that starts with https://");
  if (url.username !== "" || url.password !== "") {
    return problem("contains a user name or password", "leave the credentials out of the URL");
  }
  if (hasEmptyLabel(url)) return problem("has an empty part in its host", "remove the second dot");
  return value(url.href);
};

/** The start of https URLs: no query, no fragment. Normalising ends the host, so `acme.com` never allows `acme.com.evil.com`. */
export const httpsPrefix: Parser<string> = (text) => {
  const parsed = httpsUrl(text);
  if ("value" in parsed && /[?#]/.test(parsed.value)) {
    return problem("has a query or a fragment", "end the URL before its first ? or #");
  }
  return parsed;
};

/** The address below which objects live: the same, without a final slash. */
export const httpsBaseUrl: Parser<string> = (text) => {
  const parsed = httpsPrefix(text);
  return "problem" in parsed ? parsed : value(parsed.value.replace(/\/+$/, ""));
};

/** A web page's origin, as browsers send it: scheme, host and port. */
export const httpsOrigin: Parser<string> = (text) => {
  const parsed = httpsUrl(text);
  if ("problem" in parsed) return parsed;
  const { href, origin } = new URL(parsed.value);
  if (href === `${origin}/`) return value(origin);
  return problem("has more than scheme, host and port", `use ${origin}`);
};

/** An entry of `allowedHosts`: `host`, `host:port` or `*.domain`; internationalised names become ASCII. */
export const hostEntry: Parser<string> = (text) => {
  const wildcard = text.startsWith("*.");
  const host = wildcard ? text.slice(2) : text;
  const url = /[/\\@?#*\s]/.test(host) ? undefined : parseUrl(`https://${host}/`);
  const [, port] = /:(\d*)$/.exec(host) ?? [];
  const isWrong = url === undefined || hasEmptyLabel(url) || port === "" || (wildcard && port !== undefined);
  if (isWrong) {
    return problem("is not a host", "use host, host:port or *.domain, without https:// and without a path");
  }
  // As the policy tests host names: without the final dot that some notations have.
  const hostName = hostNameOf(url);
  if (wildcard) return value(`*.${hostName}`);
  return value(port === undefined ? hostName : `${hostName}:${Number(port)}`);
};

/**
 * What Gravatar accepts as `d` (docs.gravatar.com, "Default image"): a public http(s) URL on a standard port
 * that ends in an image extension; it ignores a query string, so there must be none.
 */
export function gravatarRefusal(defaultUrl: string): string | undefined {
  const url = parseUrl(defaultUrl);
  if (url === undefined) return "is not a URL";
  if (url.port !== "") return `uses port ${url.port}, not a standard one`;
  if (url.search !== "" || url.hash !== "") return "has a query string or a fragment";
  if (!/\.(jpe?g|gif|png)$/i.test(url.pathname)) return "does not end in .jpg, .jpeg, .gif or .png";
  return isPublicHost(url) ? undefined : "is not on a public host";
}

function hasEmptyLabel(url: URL): boolean {
  return hostNameOf(url).split(".").includes("");
}
