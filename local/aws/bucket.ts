import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Connection } from "./connection.ts";
import { deleteVersions } from "./delete-versions.ts";
import type { PropertyMap } from "../../grpc-provider/property-map.ts";
import { textOf, type Found, type ResourceType } from "./resource-type.ts";
import { isS3Error, unlessMissing } from "./s3-error.ts";
import { LocalError } from "../processes/local-error.ts";
import { fromTagSet, saidMap, tagsOf } from "./tags.ts";

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

function notEmpty(name: string, cause: Error): LocalError {
  return new LocalError(
    "aws-bucket-not-empty",
    `Bucket ${name} is not empty (BucketNotEmpty; versions and delete markers count). ` +
      "Empty it, or set forceDestroy on it and deploy that first, then try again.",
    { cause },
  );
}
