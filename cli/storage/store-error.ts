import { S3ServiceException } from "@aws-sdk/client-s3";
import { ExpectedError } from "../../lib/errors.ts";
import type { StoreLocation } from "./picture-addresses.ts";

/** What was being done, for the message, and what it takes in IAM. */
export interface StoreTask {
  /** As in "Nobody could …". */
  readonly task: string;
  readonly permissions: readonly string[];
}

/** Where the bucket is. */
type Place = Pick<StoreLocation, "bucket" | "region">;

type Describe = (location: Place, task: StoreTask) => { code: string; why: string; remedy: string };

const missing: Describe = ({ bucket }) => ({
  code: "picture-store-missing",
  why: `there is no bucket ${bucket}`,
  remedy: "Deploy the stack that declares it, or correct the bucket's name (config key imageBucket)",
});

const wrongRegion: Describe = ({ bucket, region }) => ({
  code: "picture-store-wrong-region",
  why: `bucket ${bucket} is not in region ${region}`,
  remedy: "Correct the region (config key awsRegion)",
});

const badCredentials: Describe = () => ({
  code: "picture-store-credentials-refused",
  why: "the AWS credentials are not accepted",
  remedy: "Log in to AWS again, or set AWS_PROFILE (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)",
});

const noCredentials: Describe = () => ({
  code: "picture-store-no-credentials",
  why: "there are no AWS credentials",
  remedy: "Log in to AWS, or set AWS_PROFILE (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)",
});

const forbidden: Describe = ({ bucket }, { permissions }) => ({
  code: "picture-store-forbidden",
  why: `the AWS credentials may not do that in bucket ${bucket}`,
  remedy: `Grant ${permissions.join(" and ")} to their role, or use credentials of another role`,
});

/** By S3's error code; the SDK's own names for what goes wrong before a request stand among them. */
const byName: Readonly<Record<string, Describe>> = {
  NoSuchBucket: missing,
  PermanentRedirect: wrongRegion,
  AuthorizationHeaderMalformed: wrongRegion,
  InvalidAccessKeyId: badCredentials,
  InvalidAccessKey: badCredentials,
  SignatureDoesNotMatch: badCredentials,
  ExpiredToken: badCredentials,
  InvalidToken: badCredentials,
  AccessDenied: forbidden,
  CredentialsProviderError: noCredentials,
};

/** What to tell a person about S3's failure; an error that is none of S3's or the network's comes back as it is. */
export function storeError(error: unknown, location: Place, task: StoreTask): unknown {
  if (!(error instanceof Error) || error instanceof ExpectedError) return error;
  const found = byName[error.name]?.(location, task) ?? unnamed(error, location, task);
  if (found === undefined) return error;
  const { code, why, remedy } = found;
  return new ExpectedError(code, `Could not ${task.task}: ${why}. ${remedy}.`, { cause: error });
}

function unnamed(error: Error, location: Place, task: StoreTask): ReturnType<Describe> | undefined {
  const { bucket } = location;
  if (error instanceof S3ServiceException) {
    const status = error.$metadata.httpStatusCode ?? 0;
    if (status === 301) return wrongRegion(location, task);
    if (status === 403) return forbidden(location, task);
    return {
      code: "picture-store-failed",
      why: `S3 answered ${error.name} (${status}) for bucket ${bucket}`,
      remedy: "Try again; what was done so far is kept",
    };
  }
  const reason = "code" in error && typeof error.code === "string" ? error.code : error.name;
  if (!/^(E[A-Z]+|.*CERT.*|.*SIGN.*|TimeoutError)$/.test(reason)) return undefined;
  return {
    code: "picture-store-unreachable",
    why: `S3 cannot be reached for bucket ${bucket} (${reason})`,
    remedy: "Check the network, the region and AWS_ENDPOINT_URL_S3, then try again",
  };
}
