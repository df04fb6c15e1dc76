import {
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { ExpectedError } from "../../lib/errors.ts";
import { textIn } from "../../lib/json.ts";
import type { Candidate, ResourceKind, Services } from "./resource-kind.ts";

/** Buckets' names are unique among all accounts. */
export const bucketKind: ResourceKind = {
  type: "aws:s3/bucket:Bucket",
  isRepeatable: false,
  permissions: ["s3:ListBucket", "s3:GetBucketTagging", "s3:ListBucketVersions"],
  find: async (inputs, services) => {
    const name = textIn(inputs, "bucket");
    const what = `bucket ${name}`;
    const whose = await ownerOf(name, services);
    if (whose === "nobody") return [];
    if (whose === "somebody else") {
      const owner =
        services.awsAccountId === undefined ? "these credentials" : `account ${services.awsAccountId}`;
      const refusal = `it does not belong to ${owner}, or is in another region; choose another name (config key imageBucket)`;
      return [{ id: name, what, isOurs: false, because: "it belongs to another account", refusal }];
    }
    return [{ id: name, what, ...(await evidence(name, services)) }];
  },
};

async function ownerOf(
  bucket: string,
  { s3, awsAccountId }: Services,
): Promise<"nobody" | "the stack's account" | "somebody else"> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: awsAccountId }));
    return "the stack's account";
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return "nobody";
    // 403 where it is another account's, 301 where it lies in another region.
    if (status === 403 || status === 301) return "somebody else";
    throw unanswered(bucket, error);
  }
}

async function evidence(bucket: string, { s3 }: Services): Promise<Pick<Candidate, "isOurs" | "because">> {
  const tagging = await unlessAbsent(s3.send(new GetBucketTaggingCommand({ Bucket: bucket })));
  const tags = tagging?.TagSet ?? [];
  if (tags.some(({ Key, Value }) => Key === "managed-by" && Value === "auth0-user-pictures")) {
    return { isOurs: true, because: "its tag managed-by names this project" };
  }
  const listing = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1 }));
  const isEmpty = (listing.Versions ?? []).length + (listing.DeleteMarkers ?? []).length === 0;
  // A run that is killed between the bucket and its tags leaves it so. There is nothing in it to lose.
  if (isEmpty && tags.length === 0) {
    return { isOurs: true, because: "it has the configured name, is in the stack's account, and is empty" };
  }
  return { isOurs: false, because: "it has content or tags, and no tag managed-by of this project" };
}

/** A setting is written whole by its create. What it would replace is worth a look, so `adopt` imports what is there. */
function settingKind(
  type: string,
  permission: string,
  read: (services: Services, bucket: string) => Promise<unknown>,
): ResourceKind {
  return {
    type: `aws:s3/${type[0]?.toLowerCase() ?? ""}${type.slice(1)}:${type}`,
    isRepeatable: true,
    permissions: [permission],
    find: async (inputs, services) => {
      const bucket = textIn(inputs, "bucket");
      const answer = await unlessAbsent(read(services, bucket));
      const what = `${type} of bucket ${bucket}`;
      return answer === undefined ? [] : [{ id: bucket, what, isOurs: true, because: "it is the bucket's" }];
    },
  };
}

export const bucketSettingKinds: readonly ResourceKind[] = [
  settingKind("BucketPolicy", "s3:GetBucketPolicy", ({ s3 }, Bucket) =>
    s3.send(new GetBucketPolicyCommand({ Bucket })),
  ),
  settingKind("BucketOwnershipControls", "s3:GetBucketOwnershipControls", ({ s3 }, Bucket) =>
    s3.send(new GetBucketOwnershipControlsCommand({ Bucket })),
  ),
  settingKind("BucketCorsConfiguration", "s3:GetBucketCORS", ({ s3 }, Bucket) =>
    s3.send(new GetBucketCorsCommand({ Bucket })),
  ),
  // The answer for a bucket that never had versions is an empty one.
  settingKind("BucketVersioning", "s3:GetBucketVersioning", async ({ s3 }, Bucket) => {
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    return Status;
  }),
  settingKind("BucketServerSideEncryptionConfiguration", "s3:GetEncryptionConfiguration", ({ s3 }, Bucket) =>
    s3.send(new GetBucketEncryptionCommand({ Bucket })),
  ),
  settingKind("BucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", ({ s3 }, Bucket) =>
    s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
  ),
  settingKind("BucketPublicAccessBlock", "s3:GetBucketPublicAccessBlock", ({ s3 }, Bucket) =>
    s3.send(new GetPublicAccessBlockCommand({ Bucket })),
  ),
];

/** The answer, or undefined where there is no such thing, or where the server does not know of such things (501). */
async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 501) return undefined;
    throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

function unanswered(bucket: string, cause: unknown): ExpectedError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `S3 did not say whose bucket ${bucket} is: ${why}. Check AWS_PROFILE, or the AWS_* variables, and the network.`;
  return new ExpectedError("bucket-unknown", message, { cause });
}
