import type { User } from "../../auth0/user.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { parseUrl } from "../../lib/url.ts";
import { isGravatar } from "../../policy/gravatar.ts";
import { disablesGravatar, readPath } from "../../policy/login.ts";
import { ownPictureUrl } from "../../policy/own-picture.ts";
import {
  hostNameOf,
  isAllowedPlace,
  isPlaceholder,
  isPublicHost,
  usableUrl,
} from "../../policy/picture-url.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { findMistake, mistakeWords, type AddressMistake } from "./mistyped-address.ts";

/** Why a login does not show a picture, by its stable name. */
export type PictureFault =
  | "not-text"
  | "too-long"
  | "no-url"
  | "http"
  | "not-https"
  | "with-password"
  | "with-port"
  | "not-public"
  | "host-not-allowed"
  | "placeholder"
  | "gravatar-never"
  | "gravatar-disabled"
  | AddressMistake;

/** For people. `explainFault` adds what the stack's settings say. */
export const faultWords: Readonly<Record<PictureFault, string>> = {
  "not-text": "it is not a string",
  "too-long": "it is longer than config key maxLength allows",
  "no-url": "it is not a whole URL, which begins with https://",
  http: "it uses http, not https",
  "not-https": "it is not an https address (a data: address holds the picture itself)",
  "with-password": "it holds a user name or password",
  "with-port": "it is on a port of its own",
  "not-public": "its host is not public",
  "host-not-allowed": "its host is not allowed (config key allowedHosts)",
  placeholder: "it is Auth0's placeholder with initials",
  "gravatar-never": "Gravatars are never shown (config key gravatar)",
  "gravatar-disabled": "the user's Gravatar is switched off (pictures gravatar USER on)",
  ...mistakeWords,
};

/**
 * The same with the stack's own limits, and with what the address holds.
 *
 * @param value The picture.
 */
export function explainFault(
  fault: PictureFault,
  { allowedHosts, maxLength }: Pick<PictureSettings, "allowedHosts" | "maxLength">,
  value?: unknown,
): string {
  if (fault === "too-long") return `it has more than the ${maxLength} characters of config key maxLength`;
  if (fault === "host-not-allowed") {
    return `its host is not one of ${allowedHosts.join(", ")} (config key allowedHosts)`;
  }
  const found = fault in mistakeWords ? findMistake(value) : undefined;
  return found?.mistake === fault ? found.words : faultWords[fault];
}

/**
 * Why a login does not show the user's own picture; undefined where it does, where there is none, and where the picture was
 * removed.
 *
 * @param own As `user_metadata.picture`.
 * @param withoutGravatar Whether the user's Gravatars are switched off.
 */
export function ownPictureFault(
  own: unknown,
  settings: PictureSettings,
  withoutGravatar = false,
): PictureFault | undefined {
  const isNone = own === undefined || own === null || (typeof own === "string" && own.trim() === "");
  if (isNone || ownPictureUrl(own, settings, withoutGravatar) !== undefined) return undefined;
  const usable = usableUrl(own, settings);
  if (usable === undefined) return textFault(own, settings);
  if (!usable.secure) return "http";
  if (!isAllowedPlace(usable.url, settings)) return placeFault(usable.url, settings);
  return isPlaceholder(usable.url) ? "placeholder" : gravatarFault(settings, withoutGravatar);
}

/**
 * What speaks against an address that is about to be set: what a login does not show, and what looks mistyped, although a
 * login would show it in some form.
 */
export function newPictureFault(
  text: string,
  settings: PictureSettings,
  withoutGravatar = false,
): PictureFault | undefined {
  const mistake = text.length > settings.maxLength * 2 ? undefined : findMistake(text)?.mistake;
  return mistake ?? ownPictureFault(text, settings, withoutGravatar);
}

/** Of a Gravatar that a login does not show. */
function gravatarFault({ gravatar }: PictureSettings, withoutGravatar: boolean): PictureFault {
  if (gravatar === "never") return "gravatar-never";
  // The last way: with our fallback it is longer than `maxLength`.
  return withoutGravatar ? "gravatar-disabled" : "too-long";
}

/** The same of the picture that is in the user's profile. */
export function ownFaultOf(user: User, settings: PictureSettings): PictureFault | undefined {
  const own = readPath(user, "user_metadata", "picture");
  return ownPictureFault(own, settings, disablesGravatar({ user }));
}

/** Why the root picture is refused (reason `root-refused`); only asked where it is. */
export function rootPictureFault(user: User, settings: PictureSettings): PictureFault {
  const root = user["picture"];
  const url = usableUrl(root, settings)?.url;
  if (url === undefined) return textFault(root, settings);
  // Only with our fallback is a Gravatar too long.
  return isGravatar(url) ? "too-long" : placeFault(url, settings);
}

/** Of what has no usable URL. */
function textFault(value: unknown, { maxLength }: PictureSettings): PictureFault {
  if (typeof value !== "string") return "not-text";
  const text = value.trim();
  if (/^data:/i.test(text)) return "not-https";
  if (text.length > maxLength) return "too-long";
  return findMistake(value)?.mistake ?? urlFault(text);
}

function urlFault(text: string): PictureFault {
  const url = parseUrl(text);
  // WHATWG takes the host of `img.acme.com:8443/a.png` for a scheme.
  if (url === undefined || /^[\w.-]+:\d+(?:[/?#]|$)/.test(text)) return "no-url";
  if (url.username !== "" || url.password !== "") return "with-password";
  if (url.protocol === "http:") return "http";
  if (url.protocol !== "https:") return "not-https";
  return hostNameOf(url).split(".").includes("") ? "no-url" : "too-long";
}

function placeFault(url: URL, settings: PictureSettings): PictureFault {
  const onDefaultPort = new URL(url);
  onDefaultPort.port = "";
  if (settings.allowedHosts.length > 0) {
    return url.port !== "" && isAllowedPlace(onDefaultPort, settings) ? "with-port" : "host-not-allowed";
  }
  return isPublicHost(onDefaultPort) ? "with-port" : "not-public";
}

/**
 * The address as a login gives it, if a login shows it as the user's own picture and nothing in it looks mistyped.
 *
 * @throws ExpectedError `picture-url-not-allowed`.
 */
export function checkPictureUrl(text: string, settings: PictureSettings, withoutGravatar = false): string {
  const fault = newPictureFault(text, settings, withoutGravatar);
  const url = usableUrl(text, settings)?.url.href;
  if (fault === undefined && url !== undefined) return url;
  const why = explainFault(fault ?? "no-url", settings, text);
  const what =
    fault !== undefined && fault in mistakeWords
      ? "This address is probably not the one that you mean"
      : "A login would not show this picture";
  throw new ExpectedError(
    "picture-url-not-allowed",
    `${what}: ${why}. Use another URL, or --file, which stores the picture in the stack's bucket.`,
  );
}
