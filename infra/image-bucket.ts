import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import { asset, ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import { bucketPolicy } from "./bucket-policy.ts";
import type { DefaultImage } from "./default-image.ts";

export interface ImageBucketArgs {
  /** The bucket's name, without dots. */
  readonly bucketName: string;
  readonly image: DefaultImage;
}

/**
 * The bucket of the environment's pictures with the default image in it: readable by everybody, object by
 * object and over https only; nobody may list it and only its owner writes.
 */
export class ImageBucket extends ComponentResource {
  /** The published default image; nothing that points at it may go live before it is there. */
  readonly defaultImage: BucketObjectv2;

  constructor(name: string, args: ImageBucketArgs, options: ComponentResourceOptions) {
    super("auth0-user-pictures:index:ImageBucket", name, {}, options);
    const childOptions = { parent: this };
    const bucket = new Bucket("images", { bucket: args.bucketName }, childOptions);
    new BucketOwnershipControls(
      "images",
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      childOptions,
    );
    // Access lists stay off; a public policy must be possible, since pictures are public.
    const access = new BucketPublicAccessBlock(
      "images",
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        ignorePublicAcls: true,
        blockPublicPolicy: false,
        restrictPublicBuckets: false,
      },
      childOptions,
    );
    const policy = new BucketPolicy(
      "images",
      { bucket: bucket.bucket, policy: JSON.stringify(bucketPolicy(args.bucketName)) },
      { ...childOptions, dependsOn: access },
    );
    this.defaultImage = new BucketObjectv2(
      "default-image",
      {
        bucket: bucket.bucket,
        key: args.image.key,
        source: new asset.FileAsset(args.image.file),
        contentType: args.image.contentType,
        // The key holds the content's hash: what it names never changes.
        cacheControl: "public, max-age=31536000, immutable",
      },
      { ...childOptions, dependsOn: policy },
    );
    this.registerOutputs({});
  }
}
