import { hostNameOf } from "./host-name.ts";

/**
 * Addresses and names that no public DNS serves. WHATWG has rewritten every notation of an IPv4 address
 * (hexadecimal, octal, one number) to four decimal ones, and an IPv6 address stands in brackets.
 */
const notPublic = /^\[|^[\d.]+$|\.(local|localhost|internal|test|example|invalid|onion)$/;

/** Whether the https URL is on its default port of a host that has a public DNS name. */
export function isPublicHost(url: URL): boolean {
  const hostName = hostNameOf(url);
  return url.port === "" && hostName.includes(".") && !notPublic.test(hostName);
}
