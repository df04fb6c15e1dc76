import type { LookupAddress, LookupOptions } from "node:dns";
import type { LookupFunction } from "node:net";
import { Agent } from "undici";
import { ProbeRefusal } from "./probe-refusal.ts";

/** How names are resolved and which addresses may be connected to. */
export interface ProbeNetwork {
  readonly lookup: (hostName: string, options: LookupOptions & { all: true }) => Promise<LookupAddress[]>;
  readonly isAllowed: (address: string) => boolean;
  /** PEM, instead of the certificate authorities that Node trusts. */
  readonly ca?: Buffer;
}

/**
 * Connections to allowed addresses only. The check is a part of the connection's own lookup: what it lets pass is what
 * the socket connects to, so a name that answers differently the next time gains nothing. A name of which one address
 * is not allowed is refused as a whole. An IP address in a URL is never looked up: whoever sends the request checks it.
 *
 * It keeps no connection, gives one up after `timeoutMs`, and takes no proxy from the environment.
 */
export function guardedAgent({ lookup, isAllowed, ca }: ProbeNetwork, timeoutMs: number): Agent {
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
  return new Agent({
    // Each request connects anew, and so is checked anew.
    pipelining: 0,
    connect: { lookup: guardedLookup, timeout: timeoutMs, ...(ca === undefined ? {} : { ca }) },
  });
}

function refusalOfAddresses(
  addresses: readonly LookupAddress[],
  isAllowed: ProbeNetwork["isAllowed"],
): ProbeRefusal | undefined {
  if (addresses.every(({ address }) => isAllowed(address))) return undefined;
  return new ProbeRefusal("not-public", "has an address that is not public");
}
