import { randomUUID } from "node:crypto";
import { ExpectedError } from "../../infra/expected-error.ts";
import { given, type Environment } from "../environment.ts";
import { stsClient } from "./aws-clients.ts";
import { signRequest, type AwsCredentials } from "./sign-request.ts";

/** CloudFront's API is one for the whole world, signed for this region. */
const region = "us-east-1";

/** Milliseconds. */
const timeoutMs = 30_000;

/**
 * Has a CloudFront distribution forget what lies below the paths, such as `/users/4f…/*`. It answers at once and takes some
 * minutes. `AWS_ENDPOINT_URL_CLOUDFRONT` names another server.
 *
 * @throws ExpectedError `delivery-not-invalidated`.
 */
export async function invalidateCloudFront(
  distributionId: string,
  paths: readonly string[],
  env: Environment,
): Promise<void> {
  const endpoint = given(env, "AWS_ENDPOINT_URL_CLOUDFRONT") ?? "https://cloudfront.amazonaws.com";
  const url = new URL(
    `/2020-05-31/distribution/${encodeURIComponent(distributionId)}/invalidation`,
    endpoint,
  );
  const body = invalidationBatch(paths);
  const credentials = await awsCredentials(env).catch((cause: unknown) => {
    throw notInvalidated(distributionId, "there are no AWS credentials", { cause });
  });
  const signed = signRequest(
    { method: "POST", url, body, region, service: "cloudfront" },
    credentials,
    new Date(),
  );
  const answer = await fetch(url, {
    method: "POST",
    headers: { ...signed, "content-type": "text/xml" },
    body,
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw notInvalidated(distributionId, "CloudFront cannot be reached", { cause });
  });
  const said = await answer.text();
  if (answer.status === 201) return;
  const code = /<Code>(\w+)<\/Code>/.exec(said)?.[1];
  const why = `CloudFront answered ${answer.status}${code === undefined ? "" : ` ${code}`}`;
  throw notInvalidated(distributionId, why);
}

/** What the SDK's chain of providers finds: any of its clients has them. */
async function awsCredentials(env: Environment): Promise<AwsCredentials> {
  const client = stsClient(region, env);
  try {
    return await client.config.credentials();
  } finally {
    client.destroy();
  }
}

function invalidationBatch(paths: readonly string[]): string {
  const items = paths.map((path) => `<Path>${path}</Path>`).join("");
  return (
    `<?xml version="1.0" encoding="UTF-8"?><InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">` +
    `<Paths><Quantity>${paths.length}</Quantity><Items>${items}</Items></Paths>` +
    `<CallerReference>${randomUUID()}</CallerReference></InvalidationBatch>`
  );
}

function notInvalidated(distributionId: string, why: string, options?: ErrorOptions): ExpectedError {
  return new ExpectedError(
    "delivery-not-invalidated",
    `The files are deleted, but distribution ${distributionId} still has copies: ${why}. Have cloudfront:CreateInvalidation ` +
      "granted, then run the same command again.",
    options,
  );
}
