/** The URL's host name as every rule tests it: lower case (WHATWG), one final dot taken off. */
export function hostNameOf(url: URL): string {
  return withoutFinalDot(url.hostname);
}

export function withoutFinalDot(hostName: string): string {
  return hostName.endsWith(".") ? hostName.slice(0, -1) : hostName;
}
