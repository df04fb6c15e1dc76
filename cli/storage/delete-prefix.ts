import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  type S3Client,
} from "@aws-sdk/client-s3";
import { ExpectedError } from "../../infra/expected-error.ts";

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
    `Not every file could be deleted from bucket ${bucket}, ${key} for one: ${why}. ` +
      "Grant s3:DeleteObjectVersion on users/* (an object lock or a retention rule prevents it too), then try again.",
  );
}
