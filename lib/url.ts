/**
 * The WHATWG URL; undefined where the text is none. Not by `URL.canParse`: on Node 20 and 22 its optimised form says no to
 * internationalised hosts after some thousand calls. (policy/ has a copy: an Action is bundled from policy/ alone.)
 *
 * @param base For a relative URL.
 */
export function parseUrl(text: string, base?: URL): URL | undefined {
  try {
    // The commonest text that is no URL, caught without the cost of a thrown error.
    return text === "" && base === undefined ? undefined : new URL(text, base);
  } catch {
    return undefined;
  }
}

/**
 * A tenant's domain from how people write it: `https://`, a final slash and capitals do not count. A port belongs to it, as a
 * local tenant has one.
 *
 * @returns The domain in lower case; or why the text is none, which completes a sentence after the name of what holds it.
 */
export function readDomain(text: string): { readonly domain: string } | { readonly why: string } {
  const domain = text
    .replace(/^https:\/\//i, "")
    .replace(/\/$/, "")
    .toLowerCase();
  const why = whyNoDomain(domain);
  return why === undefined ? { domain } : { why };
}

/** RFC 1123: letters, digits and, between them, hyphens. */
const label = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
const hostName = new RegExp(`^${label}(\\.${label})*$`);

/** The first thing that is wrong; the order is from what hides the others. */
function whyNoDomain(domain: string): string | undefined {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//.exec(domain);
  if (/\s/.test(domain)) return "contains a space";
  if (scheme !== null) return `starts with ${scheme[0]}`;
  if (domain.includes("@")) return "contains an @";
  if (/[?#]/.test(domain)) return "has a query or a fragment";
  if (domain.includes("/")) return "has a path";
  const [, host = "", port] = /^([^:]*)(?::(.*))?$/s.exec(domain) ?? [];
  if (port !== undefined && !isPort(port)) return "has a port that is not a number from 1 to 65535";
  return hostName.test(host) ? undefined : "is not a domain name";
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
