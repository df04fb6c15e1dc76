import { lookup } from "node:dns/promises";
import { isPublicAddress } from "./is-public-address.ts";
import { probeWithNetwork, type ProbedPicture, type ProbeLimits } from "./probe-with-network.ts";

/** What a probe may take where the caller does not say otherwise. */
export const probeLimits: ProbeLimits = { timeoutMs: 15_000, maxBytes: 10_000_000, maxRedirects: 3 };

/**
 * Looks behind a picture's URL without being turned against the network it runs in: https only, with a certificate that
 * Node trusts, and only to addresses that are public at the moment of connecting, at each redirect again. It sends no
 * cookie and no credentials and ignores proxy settings of the environment.
 *
 * @param url Valid by the policy (validPictureUrl); that is not checked again.
 * @throws ExpectedError `picture-url-not-https`, `picture-url-not-public`, `picture-url-too-many-redirects`,
 * `picture-url-too-slow`, `picture-url-too-large`, `picture-url-not-an-image` or `picture-url-unreachable`.
 */
export async function probePictureUrl(
  url: string,
  limits: Partial<ProbeLimits> = {},
): Promise<ProbedPicture> {
  return probeWithNetwork(url, { lookup, isAllowed: isPublicAddress }, { ...probeLimits, ...limits });
}
