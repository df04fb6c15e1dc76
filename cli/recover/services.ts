import { S3Client } from "@aws-sdk/client-s3";
import { ManagementClient } from "auth0";
import { textIn } from "../json-record.ts";
import type { Program } from "./program-resources.ts";

// The project supports Node 20, and says itself when it no longer does.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** Whom a recovery asks, with the credentials of whoever deploys. */
export interface Services {
  readonly management: ManagementClient;
  /** Host name of the tenant. */
  readonly auth0Domain: string;
  readonly s3: S3Client;
  readonly awsRegion: string;
  /** The AWS account whose buckets are the stack's; undefined for a server that is not Amazon's: it has no accounts. */
  readonly awsAccountId: string | undefined;
}

/** The preview has checked before that the credentials are those of the stack's tenant and account. */
export function servicesOf({ config, project }: Program, env: NodeJS.ProcessEnv): Services {
  const value = (key: string): string => textIn(config, `${project}:${key}`);
  const domain = value("auth0Domain");
  const region = value("awsRegion");
  const token = env["AUTH0_API_TOKEN"]?.trim() ?? "";
  const secret = {
    clientId: env["AUTH0_CLIENT_ID"] ?? "",
    clientSecret: env["AUTH0_CLIENT_SECRET"] ?? "",
  };
  const isAmazon = (env["AWS_ENDPOINT_URL_S3"] ?? "") === "";
  return {
    management: new ManagementClient(token === "" ? { domain, ...secret } : { domain, token }),
    auth0Domain: domain,
    s3: new S3Client({
      region,
      // A server that is not Amazon's has no host name for each bucket.
      forcePathStyle: !isAmazon,
    }),
    awsRegion: region,
    awsAccountId: isAmazon ? value("awsAccountId") : undefined,
  };
}
