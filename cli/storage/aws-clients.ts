import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { envVar, type Environment } from "../../lib/environment.ts";

// The SDK announces at every start when its support for this Node ends; package.json says which Node is meant.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** Milliseconds; a command for people must not hang on a network that swallows packets. */
const patience = { maxAttempts: 3, requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000 } };

/** S3 with the credentials that the AWS SDK finds by itself; `AWS_ENDPOINT_URL_S3` names a server that is not AWS's. */
export function s3Client(region: string, env: Environment): S3Client {
  const endpoint = s3Endpoint(env);
  // Another server than AWS's has no host name for each bucket.
  return new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...patience,
  });
}

export function stsClient(region: string, env: Environment): STSClient {
  const endpoint = stsEndpoint(env);
  return new STSClient({ region, ...(endpoint === undefined ? {} : { endpoint }), ...patience });
}

/** The S3 server that is asked instead of AWS, by the variables that the AWS SDK itself reads. */
export function s3Endpoint(env: Environment): string | undefined {
  return envVar(env, "AWS_ENDPOINT_URL_S3") ?? envVar(env, "AWS_ENDPOINT_URL");
}

/** The server that is asked for identities instead of AWS. */
export function stsEndpoint(env: Environment): string | undefined {
  return envVar(env, "AWS_ENDPOINT_URL_STS") ?? envVar(env, "AWS_ENDPOINT_URL");
}
