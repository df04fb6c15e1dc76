import type { Provider } from "@pulumi/aws";
import { getObjects } from "@pulumi/aws/s3/getObjects";
import { isDefaultImageKey } from "./default-image.ts";
import { ExpectedError } from "./expected-error.ts";

/**
 * The keys of the default images in the bucket, those that were published before this one too; none where the
 * bucket is not there yet.
 *
 * @throws ExpectedError `image-bucket-refused` where the bucket is somebody else's or may not be listed.
 */
export async function publishedDefaults(bucketName: string, provider: Provider): Promise<readonly string[]> {
  try {
    const { keys } = await getObjects({ bucket: bucketName, prefix: "default-" }, { provider });
    return keys.filter(isDefaultImageKey);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    if (why.includes("NoSuchBucket")) return [];
    throw new ExpectedError(
      "image-bucket-refused",
      `The bucket ${bucketName} (config key imageBucket) cannot be listed: ${why}. Bucket names are the same for all ` +
        "of AWS: choose another one if it is somebody else's. If it is yours, see that awsRegion is its region and that " +
        "the AWS credentials have s3:ListBucket on it.",
      { cause },
    );
  }
}
