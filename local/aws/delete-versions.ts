import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import { LocalError } from "../processes/local-error.ts";

/** Deletes every version and delete marker of the bucket, or of one key: a plain delete only adds a marker. */
export async function deleteVersions(s3: S3Client, bucket: string, key?: string): Promise<void> {
  // Keys that begin like this one come along; they sort after it.
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, ...marker }));
    const versions = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    await deleteObjects(
      s3,
      bucket,
      versions.flatMap(({ Key, VersionId }) => {
        if (Key === undefined || (key !== undefined && Key !== key)) return [];
        return [VersionId === undefined ? { Key } : { Key, VersionId }];
      }),
    );
    if (page.IsTruncated !== true) return;
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

async function deleteObjects(
  s3: S3Client,
  bucket: string,
  objects: { Key: string; VersionId?: string }[],
): Promise<void> {
  if (objects.length === 0) return;
  const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } });
  const { Errors: errors = [] } = await s3.send(command);
  const [first] = errors;
  if (first === undefined) return;
  throw new LocalError(
    "aws-delete-refused",
    `${errors.length} objects of bucket ${bucket} could not be deleted, the first ${first.Key ?? "?"}: ${first.Code ?? "?"}. ` +
      "See what holds them, then try again.",
  );
}
