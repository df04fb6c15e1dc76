import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  type S3Client,
  type Tag,
} from "@aws-sdk/client-s3";
import { ExpectedError } from "../../lib/errors.ts";
import { isMap, sameValue, type PropertyMap } from "../grpc/property-map.ts";
import { isS3Error, unlessMissing, type Connection } from "./connection.ts";
import { textOf, type Found, type ResourceType } from "./resource-type.ts";

/** `aws:s3/bucket:Bucket`; what versions, policies and the like it has are resources of their own. */
export const bucket: ResourceType = {
  token: "aws:s3/bucket:Bucket",
  inputs: {
    bucket: { replaces: true },
    bucketPrefix: { replaces: true },
    forceDestroy: {},
    tags: {},
  },
  computed: ["arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "tagsAll"],
  changing: ["tagsAll"],
  complete: (inputs, { autoName, oldInputs }) => {
    if (inputs["bucket"] !== undefined) return inputs;
    const prefix = inputs["bucketPrefix"];
    const name = typeof prefix === "string" ? `${prefix}${autoName.slice(-7)}` : autoName;
    const keeps = oldInputs["bucketPrefix"] === prefix;
    return { ...inputs, bucket: (keeps ? oldInputs["bucket"] : undefined) ?? name };
  },
  idOf: (inputs) => textOf(inputs, "bucket"),
  write: async ({ s3 }, inputs, olds) => {
    const name = textOf(inputs, "bucket");
    if (olds === undefined) await s3.send(new CreateBucketCommand({ Bucket: name }));
    await writeTags(s3, name, tagsOf(inputs));
  },
  read: readBucket,
  remove: async ({ s3 }, name, outputs) => {
    if (outputs["forceDestroy"] === true) {
      await unlessMissing(deleteVersions(s3, name), "NoSuchBucket");
    }
    try {
      await s3.send(new DeleteBucketCommand({ Bucket: name }));
    } catch (error) {
      if (isS3Error(error) && error.name === "NoSuchBucket") return;
      throw isS3Error(error) && error.name === "BucketNotEmpty" ? notEmpty(name, error) : error;
    }
  },
};

async function writeTags(s3: S3Client, name: string, tags: Readonly<Record<string, string>>): Promise<void> {
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (TagSet.length === 0) await s3.send(new DeleteBucketTaggingCommand({ Bucket: name }));
  else await s3.send(new PutBucketTaggingCommand({ Bucket: name, Tagging: { TagSet } }));
}

async function readBucket(
  { s3, settings }: Connection,
  name: string,
  known: PropertyMap | undefined,
): Promise<Found | undefined> {
  const head = await unlessMissing(
    s3.send(new HeadBucketCommand({ Bucket: name })),
    "NotFound",
    "NoSuchBucket",
  );
  if (head === undefined) return undefined;
  const tagging = await unlessMissing(s3.send(new GetBucketTaggingCommand({ Bucket: name })), "NoSuchTagSet");
  const tagsAll = fromTagSet(tagging?.TagSet);
  const { region } = settings;
  return {
    inputs: {
      bucket: name,
      bucketPrefix: known?.["bucketPrefix"],
      forceDestroy: known?.["forceDestroy"],
      tags: saidMap(tagsAll, known?.["tags"]),
    },
    computed: {
      arn: `arn:aws:s3:::${name}`,
      bucketDomainName: `${name}.s3.amazonaws.com`,
      bucketRegion: region,
      bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      tagsAll,
    },
  };
}

function notEmpty(name: string, cause: Error): ExpectedError {
  return new ExpectedError(
    "aws-bucket-not-empty",
    `Bucket ${name} is not empty (BucketNotEmpty; versions and delete markers count). ` +
      "Empty it; or, to delete everything in it, set config key deleteBucketContents to true (the bucket's input forceDestroy) and " +
      "run pulumi up. Then try again.",
    { cause },
  );
}

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
  throw new ExpectedError(
    "aws-delete-refused",
    `${errors.length} objects of bucket ${bucket} could not be deleted, the first ${first.Key ?? "?"}: ${first.Code ?? "?"}. ` +
      "Find out what keeps them, then try again.",
  );
}

/** The tags that the inputs say. */
export function tagsOf({ tags }: PropertyMap): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isMap(tags) ? tags : {}).map(([key, value]) => [key, String(value)]),
  );
}

/** The tags of an S3 answer. */
export function fromTagSet(tagSet: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tagSet ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** A map that S3 has for every resource, even if empty, as a program would say it. */
export function saidMap(found: PropertyMap, known: unknown): unknown {
  if (sameValue(found, known ?? {})) return known;
  return Object.keys(found).length === 0 ? undefined : found;
}
