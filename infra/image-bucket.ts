import type { Distribution } from "@pulumi/aws/cloudfront/distribution";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import {
  ComponentResource,
  jsonStringify,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { bucketPolicy } from "./bucket-policy.ts";
import { bucketSettings } from "./bucket-settings.ts";
import type { DefaultImage } from "./default-image.ts";
import { defaultObjects } from "./default-objects.ts";
import type { CloudFrontDelivery } from "./image-delivery.ts";
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
  readonly uploadOrigins: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The bucket of the environment's pictures with the default images in it. The pictures are readable by everybody,
 * object by object and over https only, from the bucket itself or through CloudFront; nobody may list the bucket and
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
    const bucket = new Bucket("images", { bucket: bucketName, tags }, childOptions);
    const before = bucketSettings({ ...args, bucket }, childOptions);
    const object = defaultObjects(
      { bucketName, bucket: bucket.bucket, image, published },
      { ...childOptions, dependsOn: before },
    );
    const distribution = delivery && imageDistribution({ bucketName, bucket, delivery, tags }, childOptions);
    this.served = access({ bucketName, bucket, distribution }, object, childOptions);
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
