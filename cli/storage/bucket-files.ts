import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { createFingerprintTable } from "../../lib/fingerprint-table.ts";
import { usersPrefix } from "../../stack/picture-settings.ts";
import { objectKey, type StoreLocation } from "./picture-addresses.ts";
import { storeError } from "./store-error.ts";

/** The users' files that a bucket holds now. */
export interface BucketFiles {
  readonly count: number;
  /** Whether it is the address of a file below `users/` that is not there. */
  readonly isMissing: (url: string) => boolean;
}

/**
 * Lists all users' files: a request for each thousand, ten bytes of memory for each.
 *
 * @param onFiles Told how many more are known.
 * @throws ExpectedError `picture-store-…`.
 */
export async function listBucketFiles(
  s3: S3Client,
  location: StoreLocation,
  onFiles: (count: number) => void,
): Promise<BucketFiles> {
  const keys = createFingerprintTable();
  try {
    const list = { Bucket: location.bucket, Prefix: usersPrefix };
    for await (const { Contents: files = [] } of paginateListObjectsV2({ client: s3 }, list)) {
      for (const { Key: key } of files) if (key !== undefined) keys.set(key, 1);
      onFiles(files.length);
    }
  } catch (error) {
    throw storeError(error, location, { task: "list the users' files", permissions: ["s3:ListBucket"] });
  }
  return {
    count: keys.size(),
    isMissing: (url) => {
      const key = objectKey(url, location);
      return key !== undefined && keys.get(key) === undefined;
    },
  };
}
