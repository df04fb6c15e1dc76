import { HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import type { PropertyMap } from "../grpc/property-map.ts";
import { bucketSetting } from "./bucket-settings.ts";
import { unlessMissing } from "./connection.ts";
import type { InputRule, ResourceType } from "./resource-type.ts";

/** A setting that the local S3 server answers with 501: it lives in the state of the stack alone. */
export interface StateOnlySetting {
  readonly token: string;
  readonly inputs: Readonly<Record<string, InputRule>>;
  /** What an import finds: S3's own setting for a new bucket. undefined where S3 has none. */
  readonly newBucket: PropertyMap | undefined;
  /** What follows from it locally, in one sentence for the documentation. */
  readonly locally: string;
}

/**
 * What versitygw 1.8.0 does not have (it answers 501 NotImplemented; tried). A change of these behind the
 * program's back cannot happen locally, and so cannot be found; nor does the server enforce them.
 */
export const stateOnlySettings: readonly StateOnlySetting[] = [
  {
    token: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    inputs: {
      blockPublicAcls: {},
      blockPublicPolicy: {},
      ignorePublicAcls: {},
      restrictPublicBuckets: {},
      skipDestroy: {},
    },
    newBucket: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    locally:
      "A public bucket policy takes effect even where blockPublicPolicy or restrictPublicBuckets is on.",
  },
  {
    token: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    inputs: { rules: { required: true } },
    newBucket: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    locally: "Objects are stored as they are.",
  },
  {
    token: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    inputs: { rules: {}, transitionDefaultMinimumObjectSize: {} },
    newBucket: undefined,
    locally: "Nothing expires and nothing moves to another storage class.",
  },
];

/** The resource types of the settings that live in the state alone. */
export const stateOnlyTypes: readonly ResourceType[] = stateOnlySettings.map(({ token, inputs, newBucket }) =>
  bucketSetting({
    token,
    inputs,
    // Even so, a setting of a bucket that is not there must fail, and goes with its bucket.
    write: (s3, bucket) => s3.send(new HeadBucketCommand({ Bucket: bucket })),
    read: async (s3, bucket, known) => ((await exists(s3, bucket)) ? without(known ?? newBucket) : undefined),
    remove: () => Promise.resolve(),
  }),
);

async function exists(s3: S3Client, bucket: string): Promise<boolean> {
  const answer = s3.send(new HeadBucketCommand({ Bucket: bucket }));
  return (await unlessMissing(answer, "NotFound", "NoSuchBucket")) !== undefined;
}

function without(known: PropertyMap | undefined): PropertyMap | undefined {
  const { bucket: _bucket, ...settings } = known ?? {};
  return known && settings;
}
