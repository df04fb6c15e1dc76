import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a request that changes something was sent by a page of ours: no other site may make a browser send one. A
 * browser always says where a form was sent from; a request that does not say is refused too.
 *
 * @param origin The page's, such as `https://localhost:8443`.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, origin: string): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return false;
  return headers.origin === origin;
}
