import type { S3Client } from "@aws-sdk/client-s3";
import { createHash, createHmac, randomBytes } from "node:crypto";

/** The bucket of this project's stack, as the application's server knows it. */
export interface PictureStore {
  /** Made with `requestChecksumCalculation: "WHEN_REQUIRED"`: see presignUpload. */
  readonly s3: S3Client;
  readonly bucket: string;
  /** Where the objects are served, without a final slash. */
  readonly baseUrl: string;
  /** Config key `uploadKey` of the stack, split at its blanks: the key in use, then former ones. A secret of the server. */
  readonly uploadKeys: readonly [string, ...string[]];
}

/**
 * What the keys of one user's pictures begin with. So the server can tell whose an object is and remembers
 * nothing about uploads. Without the key nobody can tell from a public address whose picture it is, not even who knows the user's id.
 */
function userPrefix(userId: string, uploadKey: string): string {
  return `users/${createHmac("sha256", uploadKey).update(userId).digest("hex").slice(0, 32)}/`;
}

/** A key that cannot be guessed and that no upload had before. */
export function newPictureKey(
  { uploadKeys: [uploadKey] }: Uploads,
  userId: string,
  extension: string,
): string {
  return `${userPrefix(userId, uploadKey)}${randomBytes(16).toString("hex")}.${extension}`;
}

/** Whether newPictureKey made this key for the user; nothing else, such as a path with `..` in it. */
export function isPictureKeyOf({ uploadKeys: [uploadKey] }: Uploads, userId: string, key: string): boolean {
  return isBelow(userPrefix(userId, uploadKey), key);
}

/** Whether newPictureKey made this key for the user, now or with a former key. */
export function wasPictureKeyOf({ uploadKeys }: Uploads, userId: string, key: string): boolean {
  // The first version had no key.
  const unkeyed = `users/${createHash("sha256").update(userId).digest("hex").slice(0, 20)}/`;
  const prefixes = [...uploadKeys.map((uploadKey) => userPrefix(userId, uploadKey)), unkeyed];
  return prefixes.some((prefix) => isBelow(prefix, key));
}

type Uploads = Pick<PictureStore, "uploadKeys">;

function isBelow(prefix: string, key: string): boolean {
  return key.startsWith(prefix) && /^[0-9a-f]{32}\.(png|jpg)$/.test(key.slice(prefix.length));
}
