import { readFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { S3Client } from "@aws-sdk/client-s3";
import type { S3Server } from "../../../local/s3/start-s3.ts";

// The SDK announces at every start when its support for this Node ends; package.json says which Node is meant.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

interface Trust {
  readonly certificates: { readonly caFile: string };
}

/** A client with the server's keys, or with those that a test gives. */
export function s3Client(
  server: S3Server,
  { certificates }: Trust,
  secretAccessKey = server.secretAccessKey,
): S3Client {
  return new S3Client({
    endpoint: server.endpoint,
    region: server.region,
    forcePathStyle: true,
    credentials: { accessKeyId: server.accessKeyId, secretAccessKey },
    maxAttempts: 1,
    requestHandler: { httpsAgent: new Agent({ ca: readFileSync(certificates.caFile) }) },
  });
}

/** The status that an anonymous GET of that path gets. */
export function anonymousStatus(server: S3Server, { certificates }: Trust, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { ca: readFileSync(certificates.caFile), agent: false };
    get(`${server.endpoint}${path}`, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).once("error", reject);
  });
}
