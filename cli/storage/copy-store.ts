import { paginateListObjectsV2, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { usersPrefix } from "../../stack/picture-settings.ts";
import type { UserImage } from "../image/prepare-user-image.ts";
import { listBucketFiles, type BucketFiles } from "./bucket-files.ts";
import { copyFolder, isCopyKey, objectKey, type StoreLocation } from "./picture-addresses.ts";
import { deletePrefix, locatePicture, putPicture, type StoredPicture } from "./picture-store.ts";
import { storeError, type StoreTask } from "./store-error.ts";

/** Copies of providers' pictures in the stack's bucket. Errors are ExpectedErrors `picture-store-…` that name the remedy. */
export interface CopyStore {
  /** Where `put` publishes the copy: another picture has another URL, and the same one the same. */
  readonly locate: (image: UserImage, folder: string) => StoredPicture;
  readonly put: (image: UserImage, folder: string) => Promise<StoredPicture>;
  /** The folder of a copy in this bucket, by its URL; undefined for every other value. */
  readonly folderOf: (url: unknown) => string | undefined;
  /** The key of a copy in this bucket, by its URL; undefined for every other value. */
  readonly keyOf: (url: unknown) => string | undefined;
  /** All users' files that are there now. @param onFiles Told how many more are known. */
  readonly files: (onFiles: (count: number) => void) => Promise<BucketFiles>;
  /** Every copy that is there; a page of them is in memory. */
  readonly copies: () => AsyncGenerator<StoredCopy, void, undefined>;
  /** Notes in the bucket, beside the copy, that from now on nothing points at it. */
  readonly markUnused: (key: string) => Promise<void>;
  /** Takes that note away. */
  readonly unmark: (key: string) => Promise<void>;
  /** Deletes every version of the copy, and the note. */
  readonly remove: (key: string) => Promise<void>;
  readonly close: () => void;
}

export interface StoredCopy {
  readonly key: string;
  readonly storedAt: Date;
  /** Since when it is noted that nothing points at it. */
  readonly unusedSince: Date | undefined;
}

/** Behind a copy's key: the note is an empty object whose date says when. In the bucket, since a nightly run has no other memory. */
const mark = ".unused";

const listing: StoreTask = { task: "list the copies", permissions: ["s3:ListBucket"] };
const marking: StoreTask = { task: "note unused copies", permissions: ["s3:PutObject on users/*"] };
const deleting: StoreTask = {
  task: "delete the copies",
  permissions: ["s3:ListBucketVersions", "s3:DeleteObjectVersion on users/*"],
};

/** @param s3 Closed with the store. */
export function createCopyStore(location: StoreLocation, s3: S3Client): CopyStore {
  const { bucket } = location;
  const locate = (image: UserImage, folder: string) => locatePicture(location, image, folder, "copy-");
  const told = async (task: StoreTask, work: Promise<unknown>) => {
    await work.catch((error: unknown) => {
      throw storeError(error, location, task);
    });
  };
  return {
    locate,
    put: async (image, folder) => putPicture(s3, location, image, locate(image, folder)),
    folderOf: (url) => copyFolder(url, location),
    keyOf: (url) => (copyFolder(url, location) === undefined ? undefined : objectKey(url, location)),
    files: (onFiles) => listBucketFiles(s3, location, onFiles),
    copies: () => listCopies(s3, location),
    markUnused: (key) =>
      told(
        marking,
        s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${key}${mark}`, Body: new Uint8Array() })),
      ),
    unmark: (key) => told(deleting, deletePrefix(s3, bucket, `${key}${mark}`)),
    // The note's key begins with the copy's.
    remove: (key) => told(deleting, deletePrefix(s3, bucket, key)),
    close: () => s3.destroy(),
  };
}

/** S3 lists keys in their order: a copy's note comes right behind it. */
async function* listCopies(
  s3: S3Client,
  location: StoreLocation,
): AsyncGenerator<StoredCopy, void, undefined> {
  let last: StoredCopy | undefined;
  try {
    const list = { Bucket: location.bucket, Prefix: usersPrefix };
    for await (const { Contents: objects = [] } of paginateListObjectsV2({ client: s3 }, list)) {
      for (const { Key: key = "", LastModified: at = new Date() } of objects) {
        if (last !== undefined && key === `${last.key}${mark}`) last = { ...last, unusedSince: at };
        if (!isCopyKey(key)) continue;
        if (last !== undefined) yield last;
        last = { key, storedAt: at, unusedSince: undefined };
      }
    }
  } catch (error) {
    throw storeError(error, location, listing);
  }
  if (last !== undefined) yield last;
}
