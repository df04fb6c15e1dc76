/** The URL's host name as every rule tests it: lower case (WHATWG), one final dot taken off. */
export function hostNameOf(url: URL): string {
  return url.hostname.replace(/\.$/, "");
}
