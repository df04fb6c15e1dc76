import { readPath } from "./login.ts";
import { isOwnObject, usableUrl } from "./picture-url.ts";
import type { PictureSettings } from "./settings.ts";

/**
 * `app_metadata.picture_copy`: that one of our objects is a copy of the user's root picture, as `pictures mirror` notes it. Users
 * cannot write `app_metadata`; a login looks at `of` and `url` alone and relies on neither.
 */
export interface PictureCopy {
  /** Of which root picture: its `fingerprintOf`. A copy of an earlier root picture is not shown. */
  readonly of: string;
  /** The copy's URL, below one of the deployment's own `users/` prefixes. A changed picture gets another one. */
  readonly url: string;
  /** When it was made: ISO 8601, in UTC. That it was found unchanged since is not written. */
  readonly at: string;
  /** The source's ETag as it was sent, or `sha256:` and the hexadecimal hash of its bytes; left out where neither is known. */
  readonly source?: string;
}

/**
 * The row `copy`: the URL of the copy of the root picture, normalised; undefined where there is none, where it is of another root
 * picture, and where it is not one of our objects. Only asked where the settings say `copies: show`.
 */
export function copyUrl(root: unknown, event: unknown, settings: PictureSettings): string | undefined {
  const copy = readPath(event, "user", "app_metadata", "picture_copy");
  const url = usableUrl(readPath(copy, "url"), settings)?.url;
  const isShown = url && isOwnObject(url, settings) && typeof root === "string";
  return isShown && readPath(copy, "of") === fingerprintOf(root) ? url.href : undefined;
}

/**
 * Tells a root picture from the user's other ones, in 16 hexadecimal digits. What a provider signs anew at each login is left
 * out, so that a copy outlives it. Pure; takes any text, in time that is linear in its length.
 *
 * It is no cryptographic hash and need not be one: it is compared with nothing but the same user's root picture. Two root pictures
 * with one fingerprint show a copy of a picture that this user showed before, which users may keep by other ways too.
 */
export function fingerprintOf(root: string): string {
  const query = root.indexOf("?") + 1;
  // As long as DNS allows a host to be, so that a longer one does not cost its length for each parameter.
  const [, host] = /^https?:\/\/([^/?#&]{1,253})/i.exec(root) ?? [];
  const isKept = (parameter: string) => !signature.test(`${host}&${parameter}`);
  const kept = root.slice(query).split("&").filter(isKept).join("&");
  const text = host && query ? root.slice(0, query) + kept : root;
  return sumOf(text, 0x01000193) + sumOf(text, 0x85ebca6b);
}

/**
 * The parameters by which providers sign their URLs and end them, as `host&name=`: Facebook's, its and Instagram's file servers',
 * LinkedIn's, Weibo's, and on any host those of S3, of Google's and of TikTok's storage. docs/picture-policy.md has the table.
 */
const signature =
  /lookaside\.(fbsbx|facebook)\.com&(ext|hash)=|\.(fbcdn\.net|cdninstagram\.com)&(oh|oe|ccb|_nc_\w+)=|\.licdn\.com&[etv]=|\.sinaimg\.cn&(kid|expires|ssig)=|&x-(amz-|goog-|expires=|signature=)/i;

/** 32 bits in the way of FNV-1a: `factor` is odd, so that texts that differ in one place never have the same sum. */
function sumOf(text: string, factor: number): string {
  let sum = factor;
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), factor);
  return (sum >>> 0).toString(16).padStart(8, "0");
}
