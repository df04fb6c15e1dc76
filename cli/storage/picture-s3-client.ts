import { S3Client } from "@aws-sdk/client-s3";

// The SDK announces at every start when its support for this Node ends; package.json says which Node is meant.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/**
 * A client with the credentials of the environment, found as every AWS tool finds them. `AWS_ENDPOINT_URL_S3` or
 * `AWS_ENDPOINT_URL` leads it elsewhere, to the local world for one: such servers have no name for each bucket.
 */
export function pictureS3Client(region: string): S3Client {
  const { AWS_ENDPOINT_URL_S3: s3Endpoint, AWS_ENDPOINT_URL: endpoint } = process.env;
  return new S3Client({ region, forcePathStyle: Boolean(s3Endpoint) || Boolean(endpoint) });
}
