import { parseUrl, validPictureUrl } from "../../policy/picture-url.ts";
import type { PictureSettings } from "../../policy/settings.ts";

/** Why a login ignores an own picture; `http` is the scheme, everything else than it and https is `not-https`. */
export type OwnPictureFault =
  "not-text" | "too-long" | "no-url" | "not-https" | "with-password" | "host-not-allowed" | "not-public";

/**
 * What is wrong with `user_metadata.picture` by the policy's rules; undefined where nothing is, where there is none, and
 * where it was removed.
 */
export function ownPictureFault(
  own: unknown,
  settings: PictureSettings,
): OwnPictureFault | "http" | undefined {
  if (own === undefined || own === null) return undefined;
  if (typeof own !== "string") return "not-text";
  const text = own.trim();
  const isFine = text === "" || validPictureUrl(own, settings) !== undefined;
  return isFine ? undefined : addressFault(text, settings);
}

function addressFault(text: string, { maxLength, allowedHosts }: PictureSettings): OwnPictureFault | "http" {
  if (text.length > maxLength) return "too-long";
  const url = parseUrl(text);
  if (url === undefined) return "no-url";
  if (url.protocol === "http:") return "http";
  if (url.protocol !== "https:") return "not-https";
  if (url.username !== "" || url.password !== "") return "with-password";
  return allowedHosts.length > 0 ? "host-not-allowed" : "not-public";
}
