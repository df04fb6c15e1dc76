import type { PictureSettings } from "../../policy/settings.ts";

/**
 * What docs/picture-policy.md promises to every application that asked and did not opt out: what it gets is a normalised
 * https URL without user name and password, of at most `maxLength` characters. Written without anything of policy/.
 *
 * @param picture The claim that the Actions set, or else the root picture.
 * @returns what is broken, undefined where the promise is kept.
 */
export function brokenPromise(picture: unknown, { maxLength }: PictureSettings): string | undefined {
  if (typeof picture !== "string") return `no text: ${typeof picture}`;
  if (picture.length > maxLength) return `${picture.length} characters, more than ${maxLength}`;
  let url: URL;
  try {
    url = new URL(picture);
  } catch {
    return `no URL: ${picture}`;
  }
  if (url.href !== picture) return `not normalised: ${picture}`;
  if (!picture.startsWith("https://")) return `not https: ${picture}`;
  return url.username + url.password === "" ? undefined : `user name or password: ${picture}`;
}
