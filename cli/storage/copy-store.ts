import type { S3Client } from "@aws-sdk/client-s3";
import type { UserImage } from "../image/prepare-user-image.ts";
import { listBucketFiles, type BucketFiles } from "./bucket-files.ts";
import { copyFolder, type StoreLocation } from "./picture-addresses.ts";
import { locatePicture, putPicture, type StoredPicture } from "./picture-store.ts";

/** Copies of providers' pictures in the stack's bucket. Errors are ExpectedErrors `picture-store-…` that name the remedy. */
export interface CopyStore {
  /** Where `put` publishes the copy: another picture has another URL, and the same one the same. */
  readonly locate: (image: UserImage, folder: string) => StoredPicture;
  readonly put: (image: UserImage, folder: string) => Promise<StoredPicture>;
  /** The folder of a copy in this bucket, by its URL; undefined for every other value. */
  readonly folderOf: (url: unknown) => string | undefined;
  /** All users' files that are there now. @param onFiles Told how many more are known. */
  readonly files: (onFiles: (count: number) => void) => Promise<BucketFiles>;
  readonly close: () => void;
}

/** @param s3 Closed with the store. */
export function createCopyStore(location: StoreLocation, s3: S3Client): CopyStore {
  const locate = (image: UserImage, folder: string) => locatePicture(location, image, folder, "copy-");
  return {
    locate,
    put: async (image, folder) => putPicture(s3, location, image, locate(image, folder)),
    folderOf: (url) => copyFolder(url, location),
    files: (onFiles) => listBucketFiles(s3, location, onFiles),
    close: () => s3.destroy(),
  };
}
