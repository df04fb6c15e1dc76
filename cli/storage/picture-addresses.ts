import { parseUrl } from "../../lib/url.ts";
import { bucketBaseUrl, usersPrefix } from "../../stack/picture-settings.ts";

/** Where a bucket's objects are served. */
export interface StoreLocation {
  readonly bucket: string;
  readonly region: string;
  /** What the objects' keys are appended to (the stack's imageBaseUrl), without a final slash. */
  readonly baseUrl: string;
}

/** One user's folder and one file in it: as this store names them, and as docs/app-upload.md does. */
const pictureKey = new RegExp(`^${usersPrefix}([0-9a-f]{20,64})/[0-9a-f]{16,64}\\.(png|jpg)$`);

/** A copy of a provider's picture, as `pictures mirror` names it: the name says what it is, so that it is found without its user. */
const copyKey = new RegExp(`^${usersPrefix}([0-9a-f]{20,64})/copy-[0-9a-f]{16}\\.(png|jpg)$`);

const folderName = /^[0-9a-f]{20,64}$/;

/**
 * The folder below `users/` of a picture in this bucket, whether its URL is by `baseUrl` or by the bucket's own name;
 * undefined for every other value.
 */
export function pictureFolder(url: unknown, location: StoreLocation): string | undefined {
  return pictureKey.exec(objectKey(url, location) ?? "")?.[1];
}

/** The folder of a copy in this bucket, by its URL as for `pictureFolder`; undefined for every other value. */
export function copyFolder(url: unknown, location: StoreLocation): string | undefined {
  return copyKey.exec(objectKey(url, location) ?? "")?.[1];
}

/** Whether an object's key is that of a copy. */
export function isCopyKey(key: string): boolean {
  return copyKey.test(key);
}

/** The key of any object below `users/` of this bucket, by its URL as for `pictureFolder`; undefined for every other value. */
export function objectKey(url: unknown, { bucket, region, baseUrl }: StoreLocation): string | undefined {
  const parsed = typeof url === "string" ? parseUrl(url) : undefined;
  if (parsed === undefined) return undefined;
  const plain = `${parsed.origin}${decoded(parsed.pathname)}`;
  for (const base of [baseUrl, bucketBaseUrl(bucket, region)]) {
    const prefix = `${parseUrl(base)?.href.replace(/\/$/, "") ?? base}/`;
    if (plain.startsWith(`${prefix}${usersPrefix}`)) return plain.slice(prefix.length);
  }
  return undefined;
}

/** S3 serves an object under any encoding of its key. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * The prefix of every key of a folder.
 *
 * @throws TypeError if it is not a folder's name: everything below the prefix gets deleted, so it must never cover all users.
 */
export function folderPrefix(folder: string): string {
  if (!folderName.test(folder)) throw new TypeError("This is not a folder of a user's pictures.");
  return `${usersPrefix}${folder}/`;
}
