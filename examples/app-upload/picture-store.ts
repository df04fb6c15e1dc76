import type { S3Client } from "@aws-sdk/client-s3";
import { createHash, randomBytes } from "node:crypto";

/** The bucket of this project's stack, as the application's server knows it. */
export interface PictureStore {
  /** Made with `requestChecksumCalculation: "WHEN_REQUIRED"`: see presignUpload. */
  readonly s3: S3Client;
  readonly bucket: string;
  /** Where the objects are served, without a final slash. */
  readonly baseUrl: string;
}

/**
 * What the keys of one user's pictures begin with. So the server can tell whose an object is and remembers
 * nothing about uploads; the hash keeps the user's id out of public addresses.
 */
function userPrefix(userId: string): string {
  return `users/${createHash("sha256").update(userId).digest("hex").slice(0, 20)}/`;
}

/** A key that cannot be guessed and that no upload had before. */
export function newPictureKey(userId: string, extension: string): string {
  return `${userPrefix(userId)}${randomBytes(16).toString("hex")}.${extension}`;
}

/** Whether newPictureKey made this key for the user; nothing else, such as a path with `..` in it. */
export function isPictureKeyOf(userId: string, key: string): boolean {
  const prefix = userPrefix(userId);
  return key.startsWith(prefix) && /^[0-9a-f]{32}\.(png|jpg)$/.test(key.slice(prefix.length));
}
