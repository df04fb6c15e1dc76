import { hostNameOf } from "./host-name.ts";

/** Whether an entry of the allow-list (`host`, `host:port` or `*.domain`) matches the https URL's host. */
export function isAllowedHost(url: URL, allowedHosts: readonly string[]): boolean {
  // WHATWG leaves the default port out of a URL: 443, since only https comes here.
  const host = `${hostNameOf(url)}:${url.port || 443}`;
  return allowedHosts.some((allowed) => {
    const entry = allowed.toLowerCase();
    if (entry.startsWith("*.")) return host.endsWith(`${entry.slice(1)}:443`);
    return host === (/:\d+$/.test(entry) ? entry : `${entry}:443`);
  });
}
