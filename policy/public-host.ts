import { hostNameOf } from "./host-name.ts";

const privateSuffix = /\.(local|localhost|internal|test|example|invalid|onion)$/;

/** WHATWG has rewritten every notation of an IPv4 address (hexadecimal, octal, one number) to this one. */
const ipv4Address = /^\d+\.\d+\.\d+\.\d+$/;

/** Whether the https URL is on its default port of a host that has a public DNS name. */
export function isPublicHost(url: URL): boolean {
  if (url.port !== "") return false;
  const hostName = hostNameOf(url);
  if (hostName.startsWith("[") || ipv4Address.test(hostName)) return false;
  return hostName.includes(".") && !privateSuffix.test(hostName);
}
