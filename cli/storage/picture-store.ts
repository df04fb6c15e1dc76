import { randomBytes } from "node:crypto";
import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type ObjectIdentifier,
  type S3Client,
} from "@aws-sdk/client-s3";
import { ExpectedError } from "../../lib/errors.ts";
import type { UserImage } from "../image/prepare-user-image.ts";
import { s3Client } from "./aws-clients.ts";
import { folderPrefix, objectKey, pictureFolder, type StoreLocation } from "./picture-addresses.ts";
import { storeError, type StoreTask } from "./store-error.ts";

export interface PictureStoreSettings extends StoreLocation {
  /**
   * Called after a deletion with paths of `baseUrl`'s host, such as `/users/4f…/*`, for a delivery network to forget.
   * Also where nothing was left to delete, since it may have failed the last time.
   */
  readonly invalidate?: (paths: readonly string[]) => Promise<void>;
}

export interface StoredPicture {
  /** Where everybody finds it. */
  readonly url: string;
  readonly key: string;
  /** Names the folder of all pictures that belong together, 32 hexadecimal digits. */
  readonly folder: string;
}

/** Users' pictures in the stack's bucket. Errors are ExpectedErrors `picture-store-…` that name the remedy. */
export interface PictureStore {
  /** Where `put` publishes the picture. */
  readonly locate: (image: UserImage, folder: string) => StoredPicture;
  /**
   * Publishes a picture; the same one in the same folder has the same URL.
   *
   * @param folder That of the user's former pictures. Without it a new one, of 128 random bits: nothing about the user
   * can be read from it, and it cannot be guessed.
   */
  readonly put: (image: UserImage, folder?: string) => Promise<StoredPicture>;
  /** Whether the URL, any value, is that of a user's picture in this bucket. */
  readonly isOurs: (url: unknown) => boolean;
  /** The folder of a URL that isOurs. */
  readonly folderOf: (url: unknown) => string | undefined;
  /** The key of any object below `users/`, whoever stored it, by its URL; undefined for every other value. */
  readonly keyOf: (url: unknown) => string | undefined;
  /**
   * Deletes every version and delete marker of every picture in the folder and returns how many there were, 0 where
   * all is gone already. It cannot be undone.
   */
  readonly deleteFolder: (folder: string) => Promise<number>;
  /**
   * deleteFolder of the URL's folder, and 0 for a URL that is not ours. The folder, and with it whose pictures go, is as
   * trustworthy as the URL: users write their own `user_metadata`, and may have put another user's picture there.
   */
  readonly deleteAllVersions: (url: unknown) => Promise<number>;
  /** Closes the connections. */
  readonly close: () => void;
}

const putting: StoreTask = { task: "store the picture", permissions: ["s3:PutObject on users/*"] };
const deleting: StoreTask = {
  task: "delete the user's files",
  permissions: ["s3:ListBucketVersions", "s3:DeleteObjectVersion on users/*"],
};

/** A store with the credentials of the environment, or with a client that the caller made. */
export function createPictureStore(
  settings: PictureStoreSettings,
  s3: S3Client = s3Client(settings.region, process.env),
): PictureStore {
  const folderOf = (url: unknown) => pictureFolder(url, settings);
  const deleteFolder = (folder: string) => deletePictures(s3, settings, folder);
  return {
    locate: (image, folder) => locatePicture(settings, image, folder),
    put: async (image, folder = newFolder()) =>
      putPicture(s3, settings, image, locatePicture(settings, image, folder)),
    isOurs: (url) => folderOf(url) !== undefined,
    folderOf,
    keyOf: (url) => objectKey(url, settings),
    deleteFolder,
    deleteAllVersions: async (url) => {
      const folder = folderOf(url);
      return folder === undefined ? 0 : deleteFolder(folder);
    },
    close: () => s3.destroy(),
  };
}

/** The name of a new folder: 128 random bits. */
export function newFolder(): string {
  return randomBytes(16).toString("hex");
}

/** @param before Stands before the hash in the file's name. */
export function locatePicture(
  { baseUrl }: StoreLocation,
  { contentType, sha256 }: Pick<UserImage, "contentType" | "sha256">,
  folder: string,
  before: "" | "copy-" = "",
): StoredPicture {
  const extension = contentType === "image/png" ? "png" : "jpg";
  const key = `${folderPrefix(folder)}${before}${sha256.slice(0, 16)}.${extension}`;
  return { url: `${baseUrl}/${key}`, key, folder };
}

/** Publishes the picture under the key that `locatePicture` gave it. @throws ExpectedError `picture-store-…`. */
export async function putPicture(
  s3: S3Client,
  location: StoreLocation,
  { bytes, contentType, sha256 }: UserImage,
  stored: StoredPicture,
): Promise<StoredPicture> {
  const command = new PutObjectCommand({
    Bucket: location.bucket,
    Key: stored.key,
    Body: bytes,
    ContentType: contentType,
    // The key holds the content's hash: what it names never changes.
    CacheControl: "public, max-age=31536000, immutable",
    ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64"),
  });
  try {
    await s3.send(command);
  } catch (error) {
    throw storeError(error, location, putting);
  }
  return stored;
}

async function deletePictures(
  s3: S3Client,
  { invalidate, ...location }: PictureStoreSettings,
  folder: string,
): Promise<number> {
  const prefix = folderPrefix(folder);
  let deleted: number;
  try {
    deleted = await deletePrefix(s3, location.bucket, prefix);
  } catch (error) {
    throw storeError(error, location, deleting);
  }
  const basePath = new URL(location.baseUrl).pathname.replace(/\/$/, "");
  await invalidate?.([`${basePath}/${prefix}*`]);
  return deleted;
}

/**
 * Deletes every version and delete marker of every key below the prefix, until a list of them is empty.
 *
 * @returns how many there were.
 * @throws ExpectedError `picture-store-not-emptied` where some are still there; errors of S3 as they come.
 */
export async function deletePrefix(s3: S3Client, bucket: string, prefix: string): Promise<number> {
  let deleted = 0;
  let former: ObjectIdentifier | undefined;
  for (;;) {
    const found = await firstVersions(s3, bucket, prefix);
    const [first] = found;
    if (first === undefined) return deleted;
    if (first.Key === former?.Key && first.VersionId === former?.VersionId) {
      throw notEmptied(bucket, first, "it is still there");
    }
    const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: found, Quiet: true } });
    const [refused] = (await s3.send(command)).Errors ?? [];
    if (refused !== undefined) throw notEmptied(bucket, refused, refused.Code ?? "no reason given");
    deleted += found.length;
    former = first;
  }
}

/** Up to a thousand: as many as one request deletes. */
async function firstVersions(s3: S3Client, bucket: string, prefix: string): Promise<ObjectIdentifier[]> {
  const page = await s3.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, MaxKeys: 1000 }),
  );
  return [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].flatMap(({ Key, VersionId }) =>
    Key?.startsWith(prefix) === true ? [VersionId === undefined ? { Key } : { Key, VersionId }] : [],
  );
}

function notEmptied(
  bucket: string,
  { Key: key = "?" }: { Key?: string | undefined },
  why: string,
): ExpectedError {
  return new ExpectedError(
    "picture-store-not-emptied",
    `Some files could not be deleted from bucket ${bucket}, for example ${key}: ${why}. ` +
      "Grant s3:DeleteObjectVersion on users/* (an object lock or a retention rule prevents it too), then try again.",
  );
}
