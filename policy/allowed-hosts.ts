import { hostNameOf, withoutFinalDot } from "./host-name.ts";

/** Whether an entry of the allow-list (`host`, `host:port` or `*.domain`) matches the https URL's host. */
export function isAllowedHost(url: URL, allowedHosts: readonly string[]): boolean {
  const hostName = hostNameOf(url);
  // WHATWG leaves the default port out of a URL: 443, since only https comes here.
  const port = url.port || "443";
  return allowedHosts.some((entry) => matches(entry.toLowerCase(), hostName, port));
}

function matches(entry: string, hostName: string, port: string): boolean {
  if (entry.startsWith("*.")) return port === "443" && hostName.endsWith(withoutFinalDot(entry.slice(1)));
  const [, host = "", entryPort = "443"] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  return port === entryPort && hostName === withoutFinalDot(host);
}
