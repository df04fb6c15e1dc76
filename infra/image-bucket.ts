import type { Distribution } from "@pulumi/aws/cloudfront/distribution";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketCorsConfiguration } from "@pulumi/aws/s3/bucketCorsConfiguration";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";
import {
  ComponentResource,
  jsonStringify,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import type { DefaultImage } from "../stack/default-image.ts";
import type { CloudFrontDelivery } from "../stack/image-delivery.ts";
import { usersPrefix } from "../stack/picture-settings.ts";
import { defaultObjects } from "./default-objects.ts";
import { imageDistribution } from "./image-distribution.ts";

export interface ImageBucketArgs {
  /** The bucket's name, without dots. */
  readonly bucketName: string;
  readonly image: DefaultImage;
  /** The keys of the default images that the bucket holds already. */
  readonly published: readonly string[];
  /** undefined: the bucket itself serves its objects. */
  readonly cloudFront: CloudFrontDelivery | undefined;
  readonly keepSupersededDays: number;
  /** Whether a deletion of the bucket deletes what is in it. */
  readonly deleteContents: boolean;
  readonly uploadOrigins: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The bucket of the environment's pictures with the default images in it. The pictures are readable by everybody,
 * object by object and over https only, from the bucket itself or through CloudFront; the bucket cannot be listed and
 * only its owner writes.
 */
export class ImageBucket extends ComponentResource {
  /** When it is there, the default image is served; nothing that points at the image may go live before. */
  readonly served: Resource;
  /** The host at AWS that serves the pictures: the distribution's or the bucket's own. */
  readonly servingDomainName: Output<string>;
  /** Of the distribution; undefined where the bucket itself serves. */
  readonly distributionId: Output<string> | undefined;

  constructor(name: string, args: ImageBucketArgs, options: ComponentResourceOptions) {
    super("auth0-user-pictures:index:ImageBucket", name, {}, options);
    const { bucketName, image, published, cloudFront: delivery, tags } = args;
    const childOptions = { parent: this };
    const forceDestroy = args.deleteContents ? { forceDestroy: true } : {};
    const bucket = new Bucket("images", { bucket: bucketName, tags, ...forceDestroy }, childOptions);
    // The engine deletes them first. Where the bucket's own deletion then fails, since users' pictures are in it, it must not
    // have lost its policy, its encryption and the rest: they go with it, not before it.
    const settingOptions = { ...childOptions, deletedWith: bucket };
    const before = bucketSettings({ ...args, bucket }, settingOptions);
    const object = defaultObjects(
      { bucketName, bucket: bucket.bucket, image, published },
      { ...childOptions, dependsOn: before },
    );
    const distribution = delivery && imageDistribution({ bucketName, bucket, delivery, tags }, childOptions);
    this.served = access({ bucketName, bucket, distribution }, object, settingOptions);
    this.servingDomainName = distribution?.domainName ?? bucket.bucketRegionalDomainName;
    this.distributionId = distribution?.id;
    this.registerOutputs({});
  }
}

interface Access {
  readonly bucketName: string;
  readonly bucket: Bucket;
  readonly distribution: Distribution | undefined;
}

/** Who may read: a public policy needs the block off before it, and the block must not be on before it is gone. */
function access(
  { bucketName, bucket, distribution }: Access,
  after: Resource,
  options: CustomResourceOptions,
): BucketPolicy {
  const isPrivate = distribution !== undefined;
  const block = (blockOptions: CustomResourceOptions) =>
    new BucketPublicAccessBlock(
      "images",
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        ignorePublicAcls: true,
        blockPublicPolicy: isPrivate,
        restrictPublicBuckets: isPrivate,
      },
      blockOptions,
    );
  const policy = (...dependsOn: Resource[]) =>
    new BucketPolicy(
      "images",
      {
        bucket: bucket.bucket,
        policy: isPrivate
          ? jsonStringify(distribution.arn.apply((arn) => bucketPolicy(bucketName, arn)))
          : JSON.stringify(bucketPolicy(bucketName)),
      },
      { ...options, dependsOn },
    );
  if (!isPrivate) return policy(after, block(options));
  const own = policy(after, distribution);
  block({ ...options, dependsOn: own });
  return own;
}

/**
 * The bucket's policy document: the pictures may be read, only over https. Listing is not allowed, and
 * neither is reading anything else or a superseded version.
 *
 * @param distributionArn The only CloudFront distribution that may read; without one, the pictures are public.
 */
export function bucketPolicy(bucketName: string, distributionArn?: string): object {
  const bucket = `arn:aws:s3:::${bucketName}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        ...reader(distributionArn),
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: [`${bucket}/default-*`, `${bucket}/${usersPrefix}*`],
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucket, `${bucket}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

/** Without the condition, anybody's distribution could read the bucket. */
function reader(distributionArn: string | undefined): object {
  if (distributionArn === undefined) return { Sid: "PublicPictures", Principal: "*" };
  return {
    Sid: "CloudFrontPictures",
    Principal: { Service: "cloudfront.amazonaws.com" },
    Condition: { StringEquals: { "AWS:SourceArn": distributionArn } },
  };
}

interface BucketSettingsArgs {
  readonly bucket: Bucket;
  /** How long a version that is no longer the current one is kept. */
  readonly keepSupersededDays: number;
  /** Origins whose pages may put objects through presigned URLs. */
  readonly uploadOrigins: readonly string[];
}

/** How the bucket keeps its objects. @returns what must be there before the first object. */
function bucketSettings(args: BucketSettingsArgs, options: CustomResourceOptions): Resource[] {
  const { bucket } = args.bucket;
  // Access lists are off: only the policy says who may do what.
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
 * One for each prefix of ours (see above): an adopted bucket holds other objects too, and theirs are not
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
