import type { User } from "../../auth0/user.ts";
import { readPath } from "../../policy/login.ts";
import { copyUrl } from "../../policy/picture-copy.ts";
import { isOwnObject, usableUrl } from "../../policy/picture-url.ts";
import type { PictureSettings } from "../../policy/settings.ts";

/**
 * What is noted of a copy: nothing; one of the root picture as it is; one of an earlier root picture; or something else than the
 * URL of one of our objects. Whether logins show copies at all, the settings say.
 */
export type CopyState = "none" | "current" | "stale" | "not-ours";

/** For people, about the copy as "it". */
export const copyStateWords: Readonly<Record<CopyState, string>> = {
  none: "there is none",
  current: "it is of the root picture as it is",
  stale: "it is of an earlier root picture",
  "not-ours": "it is not the URL of one of our objects",
};

export function copyState(user: User, settings: PictureSettings): CopyState {
  const noted = notedCopy(user);
  if (noted === undefined || noted === null) return "none";
  if (copyUrl(user["picture"], { user }, settings) !== undefined) return "current";
  const url = usableUrl(readPath(noted, "url"), settings)?.url;
  return url !== undefined && isOwnObject(url, settings) ? "stale" : "not-ours";
}

/** `app_metadata.picture_copy`, whatever it is. */
export function notedCopy(user: User): unknown {
  return readPath(user, "app_metadata", "picture_copy");
}

/** Whether anything is noted of a copy. */
export function hasCopyNote(user: User): boolean {
  return (notedCopy(user) ?? null) !== null;
}

/** The change that takes the note away, made once the file is gone: until then its folder must be known. */
export const copyForgotten = { "app_metadata.picture_copy": null } as const;
