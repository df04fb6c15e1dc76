import { randomUUID } from "node:crypto";
import { envVar, type Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { stsClient } from "./aws-clients.ts";

/** CloudFront's API is one for the whole world, signed for this region. */
const region = "us-east-1";

/** Milliseconds. */
const timeoutMs = 30_000;

/**
 * Invalidates a CloudFront distribution below the paths, such as `/users/4f…/*`. It answers at once and takes some
 * minutes. `AWS_ENDPOINT_URL_CLOUDFRONT` names another server.
 *
 * @throws ExpectedError `delivery-not-invalidated`.
 */
export async function invalidateCloudFront(
  distributionId: string,
  paths: readonly string[],
  env: Environment,
): Promise<void> {
  const endpoint = envVar(env, "AWS_ENDPOINT_URL_CLOUDFRONT") ?? "https://cloudfront.amazonaws.com";
  const url = new URL(
    `/2020-05-31/distribution/${encodeURIComponent(distributionId)}/invalidation`,
    endpoint,
  );
  const body = invalidationBatch(paths);
  const headers = await signedHeaders(url, body, env).catch((cause: unknown) => {
    throw notInvalidated(distributionId, "there are no AWS credentials", { cause });
  });
  const answer = await fetch(url, {
    method: "POST",
    headers,
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

/** By the SDK's own credentials and signer, which any of its clients has: CloudFront's SDK is too much for one request. */
async function signedHeaders(url: URL, body: string, env: Environment): Promise<Record<string, string>> {
  const client = stsClient(region, env);
  try {
    const signer = await client.config.signer();
    const request = {
      method: "POST",
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: {},
      headers: { host: url.host, "content-type": "text/xml" },
      body,
    };
    const name = { signingService: "cloudfront", signingRegion: region };
    const signed = await signer.sign(request, name);
    const { host: _host, ...headers } = signed.headers;
    return headers;
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
    `The files are deleted, but distribution ${distributionId} still has copies: ${why}. Grant cloudfront:CreateInvalidation ` +
      "to these credentials, then run the same command again.",
    options,
  );
}
