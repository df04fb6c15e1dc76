import { BlockList, isIP } from "node:net";

/**
 * Addresses of the IANA special-purpose registries (RFC 6890 and its successors) that are not, or not surely, somebody's
 * public server.
 */
const special4 = [
  "0.0.0.0/8", // this network
  "10.0.0.0/8", // private
  "100.64.0.0/10", // shared by a provider's customers
  "127.0.0.0/8", // loopback
  "169.254.0.0/16", // link-local, and where clouds answer with credentials
  "172.16.0.0/12", // private
  "192.0.0.0/24", // protocol assignments
  "192.0.2.0/24", // documentation
  "192.31.196.0/24", // AS112
  "192.52.193.0/24", // AMT
  "192.88.99.0/24", // 6to4 relays
  "192.168.0.0/16", // private
  "192.175.48.0/24", // AS112
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, broadcast
];

/** All that is assigned for public use. Outside are loopback, link-local, ULA, multicast, IPv4 mapped and NAT64. */
const global6 = "2000::/3";

/** Within it: tunnels that lead to an IPv4 address, and what is no place at all. */
const special6 = [
  "2001::/23", // protocol assignments, Teredo among them
  "2001:db8::/32", // documentation
  "2002::/16", // 6to4
  "2620:4f:8000::/48", // AS112
  "3fff::/20", // documentation
];

/** Whether an IP address, as a resolver writes it, can be a public server's. Of doubtful notations, none. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !blocked4.check(address, "ipv4");
  // A scope belongs to a link of this machine.
  if (family !== 6 || address.includes("%")) return false;
  return allowed6.check(address, "ipv6") && !blocked6.check(address, "ipv6");
}

const blocked4 = blockList(special4, "ipv4");
const allowed6 = blockList([global6], "ipv6");
const blocked6 = blockList(special6, "ipv6");

function blockList(subnets: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", bits = ""] = subnet.split("/");
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}
