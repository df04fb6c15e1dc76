import type { LookupAddress, LookupOptions } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector } from "undici";

/** How names are resolved and which addresses may be connected to. */
export interface ProbeNetwork {
  readonly lookup: (hostName: string, options: LookupOptions & { all: true }) => Promise<LookupAddress[]>;
  readonly isAllowed: (address: string) => boolean;
  /** PEM, instead of the certificate authorities that Node trusts. */
  readonly ca?: Buffer;
  /** Only of a local world. */
  readonly standIns?: StandIns;
}

/** A server on this machine that answers for other hosts' names. */
interface StandIns {
  /** Taken literally, at https's own port. What is not among them is resolved and checked as ever. */
  readonly names: ReadonlySet<string>;
  /** On 127.0.0.1. */
  readonly port: number;
  /** PEM: the authority that vouches for `localhost` there. */
  readonly ca: Buffer;
}

/**
 * Connections to allowed addresses only. The check is a part of the connection's own lookup: what it lets pass is what
 * the socket connects to, so a name that answers differently the next time gains nothing. A name of which one address
 * is not allowed is refused as a whole. An IP address in a URL is never looked up: the sender of the request checks it.
 *
 * It keeps no connection, gives one up after `timeoutMs`, and takes no proxy from the environment.
 */
export function guardedAgent(network: ProbeNetwork, timeoutMs: number): Agent {
  const { lookup, isAllowed, ca, standIns } = network;
  const guardedLookup: LookupFunction = (hostName, options, done) => {
    lookup(hostName, { ...options, all: true }).then(
      (addresses) => {
        const [first] = addresses;
        const refusal = refusalOfAddresses(addresses, isAllowed);
        if (refusal !== undefined || first === undefined) done(refusal ?? new Error("no address"), "");
        else if (options.all === true) done(null, addresses);
        else done(null, first.address, first.family);
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), ""),
    );
  };
  const guarded = { lookup: guardedLookup, timeout: timeoutMs, ...(ca === undefined ? {} : { ca }) };
  return new Agent({
    // Each request opens a new connection, so it is checked again.
    pipelining: 0,
    connect: standIns === undefined ? guarded : besideStandIns(buildConnector(guarded), standIns, timeoutMs),
  });
}

/**
 * Connects a stand-in's name to the stand-in, before any address is looked up; all other connections are the guarded ones. The
 * certificate is asked for as `localhost`: the local authority vouches for no other name.
 */
function besideStandIns(
  guarded: buildConnector.connector,
  { names, port, ca }: StandIns,
  timeoutMs: number,
): buildConnector.connector {
  const toStandIn = buildConnector({ ca, timeout: timeoutMs });
  return (options, done) => {
    if (names.has(options.hostname) && ["", "443"].includes(options.port)) {
      toStandIn({ ...options, hostname: "127.0.0.1", port: String(port), servername: "localhost" }, done);
    } else {
      guarded(options, done);
    }
  };
}

function refusalOfAddresses(
  addresses: readonly LookupAddress[],
  isAllowed: ProbeNetwork["isAllowed"],
): ProbeRefusal | undefined {
  if (addresses.every(({ address }) => isAllowed(address))) return undefined;
  return new ProbeRefusal("not-public", "has an address that is not public");
}

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

/** Whether an IP address, as a resolver writes it, can be a public server's. Never for ambiguous notations. */
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

/** What can be wrong with a picture's URL when it is fetched; `picture-url-<reason>` is the error's code. */
export type ProbeReason =
  | "not-https"
  | "not-public"
  | "too-many-redirects"
  | "too-slow"
  | "too-large"
  | "not-an-image"
  | "unreachable";

interface HostAnswer {
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
}

/** Stops a probe from the inside; probePictureUrl makes it an ExpectedError that names the URL and the remedy. */
export class ProbeRefusal extends Error {
  readonly reason: ProbeReason;
  /** What the host answered, where it was not 200. */
  readonly status: number | undefined;
  /** How long that answer asks to wait, in milliseconds; undefined where it does not say. */
  readonly retryAfterMs: number | undefined;

  /** @param why What the host or its answer does, to stand behind its name. */
  constructor(reason: ProbeReason, why: string, options?: ErrorOptions & HostAnswer) {
    super(why, options);
    this.name = "ProbeRefusal";
    this.reason = reason;
    this.status = options?.status;
    this.retryAfterMs = options?.retryAfterMs;
  }
}
