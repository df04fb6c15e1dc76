import type { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketCorsConfiguration } from "@pulumi/aws/s3/bucketCorsConfiguration";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";
import { usersPrefix } from "./bucket-urls.ts";

export interface BucketSettingsArgs {
  readonly bucket: Bucket;
  /** How long a version that is no longer the current one is kept. */
  readonly keepSupersededDays: number;
  /** Origins whose pages may put objects through presigned URLs. */
  readonly uploadOrigins: readonly string[];
}

/** How the bucket keeps its objects. @returns what must be there before the first object. */
export function bucketSettings(args: BucketSettingsArgs, options: CustomResourceOptions): Resource[] {
  const { bucket } = args.bucket;
  // Access lists are off: the policy alone says who may do what.
  const rule = { objectOwnership: "BucketOwnerEnforced" };
  const ownership = new BucketOwnershipControls("images", { bucket, rule }, options);
  const versioningConfiguration = { status: "Enabled" };
  const versioning = new BucketVersioning("images", { bucket, versioningConfiguration }, options);
  const encryption = new BucketServerSideEncryptionConfiguration(
    "images",
    {
      bucket,
      // With S3's own key: objects under a KMS key cannot be read by everybody.
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    },
    options,
  );
  new BucketCorsConfiguration("images", { bucket, corsRules: corsRules(args.uploadOrigins) }, options);
  new BucketLifecycleConfiguration(
    "images",
    { bucket, rules: lifecycleRules(args.keepSupersededDays) },
    // S3 wants versioning before a rule about versions.
    { ...options, dependsOn: versioning },
  );
  return [ownership, versioning, encryption];
}

/** Scripts of any page may read the pictures, as for a canvas; those of some may upload. */
function corsRules(uploadOrigins: readonly string[]) {
  const read = { allowedMethods: ["GET", "HEAD"], allowedOrigins: ["*"], maxAgeSeconds: 86_400 };
  if (uploadOrigins.length === 0) return [read];
  const upload = {
    allowedMethods: ["PUT"],
    allowedOrigins: [...uploadOrigins],
    // What examples/app-upload signs into its URLs.
    allowedHeaders: ["content-type", "cache-control", "if-none-match"],
    maxAgeSeconds: 3600,
  };
  return [read, upload];
}

/**
 * One for each prefix of ours (see infra/bucket-policy.ts): an adopted bucket holds other objects too, and theirs are not
 * ours to delete.
 */
function lifecycleRules(keepSupersededDays: number) {
  return [
    lifecycleRule("users-pictures", usersPrefix, keepSupersededDays),
    lifecycleRule("default-images", "default-", keepSupersededDays),
  ];
}

function lifecycleRule(id: string, prefix: string, keepSupersededDays: number) {
  return {
    id,
    status: "Enabled",
    filter: { prefix },
    noncurrentVersionExpiration: { noncurrentDays: keepSupersededDays },
    // The mark of a deletion goes with the last version that it hid.
    expiration: { expiredObjectDeleteMarker: true },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  };
}
