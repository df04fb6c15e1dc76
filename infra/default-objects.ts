import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2";
import { asset, type CustomResourceOptions, type Input } from "@pulumi/pulumi";
import type { DefaultImage } from "../stack/default-image.ts";

export interface DefaultObjectsArgs {
  readonly bucketName: string;
  /** The same, known only once the bucket is there. */
  readonly bucket: Input<string>;
  readonly image: DefaultImage;
  /** The keys of the default images that the bucket holds. */
  readonly published: readonly string[];
}

/**
 * The published default image, and each that was published before it: tokens and applications hold their addresses,
 * so they stay. Every one is a resource of its own, named by its key. See docs/decisions/0011.
 */
export function defaultObjects(args: DefaultObjectsArgs, options: CustomResourceOptions): BucketObjectv2 {
  const { image, published } = args;
  // An earlier version of this project had one resource for the only one, whatever its key.
  const [only, ...others] = published.length === 0 ? [image.key] : published;
  const optionsOf = (key: string) =>
    key === only && others.length === 0 ? { ...options, aliases: [{ name: "default-image" }] } : options;
  for (const key of published) {
    if (key !== image.key) formerObject(args, key, optionsOf(key));
  }
  return currentObject(args, optionsOf(image.key));
}

function currentObject(
  { bucket, image }: DefaultObjectsArgs,
  options: CustomResourceOptions,
): BucketObjectv2 {
  return new BucketObjectv2(
    image.key,
    {
      bucket,
      key: image.key,
      source: new asset.FileAsset(image.file),
      sourceHash: image.sha256,
      // S3 itself compares what arrives with it. The provider compares the ETag to see that it was changed.
      checksumAlgorithm: "SHA256",
      etag: image.md5,
      contentType: image.contentType,
      // The key holds the content's hash: what it names never changes.
      cacheControl: "public, max-age=31536000, immutable",
    },
    options,
  );
}

/** It is only known to exist. `import` makes sure that it is never created again without content. */
function formerObject(
  { bucket, bucketName }: DefaultObjectsArgs,
  key: string,
  options: CustomResourceOptions,
) {
  const ignoreChanges = [
    "source",
    "sourceHash",
    "checksumAlgorithm",
    "etag",
    "contentType",
    "cacheControl",
    // What an object that was put by hand may have.
    "acl",
    "contentDisposition",
    "contentEncoding",
    "contentLanguage",
    "metadata",
    "tags",
    "websiteRedirect",
    "serverSideEncryption",
    "storageClass",
  ];
  const importId = `${bucketName}/${key}`;
  new BucketObjectv2(key, { bucket, key }, { ...options, ignoreChanges, import: importId });
}
