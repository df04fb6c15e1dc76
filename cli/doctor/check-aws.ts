import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { ConfigValues } from "../../stack/config-keys.ts";
import { s3Client, s3Endpoint, stsClient, stsEndpoint } from "../storage/aws-clients.ts";
import { missing, ok, problem, skipped, type Check, type Finding } from "./check.ts";

/** The AWS credentials are the stack's account's. */
export const checkAwsIdentity: Check = {
  name: "aws-identity",
  run: async ({ env }, { config, credentials }) => {
    if (config === undefined) return skipped("The configuration does not name the account");
    const elsewhere = s3Endpoint(env);
    if (elsewhere !== undefined && stsEndpoint(env) === undefined) {
      // Its keys mean nothing to AWS, and AWS need not see them.
      return skipped(`The S3 server is ${elsewhere}, not AWS, and has no identities`);
    }
    const { awsAccountId, awsRegion } = config.config;
    const isOptional = credentials?.source === "PICTURES_*";
    return identityFinding(awsAccountId, stsClient(awsRegion, env), isOptional);
  },
};

/** @param isOptional Whether missing credentials are not a problem: only commands with files need them. */
async function identityFinding(awsAccountId: string, sts: STSClient, isOptional: boolean): Promise<Finding> {
  try {
    const { Account: account = "none", Arn: arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    if (account === awsAccountId) return ok(arn);
    return problem(
      `The AWS credentials are those of account ${account}, but the stack uses ${awsAccountId} (config key awsAccountId)`,
      `set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, to account ${awsAccountId}`,
    );
  } catch (error) {
    const failure = awsFailure(error);
    const remedy = `set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, to account ${awsAccountId}`;
    if (lacksCredentials(failure) && isOptional) {
      return skipped("There are no AWS credentials; set --file, block --purge and forget need them");
    }
    if (lacksCredentials(failure)) return problem("There are no AWS credentials", remedy);
    return problem(`AWS does not say who owns the credentials (${failure.name})`, remedy);
  } finally {
    sts.destroy();
  }
}

/** The bucket exists, answers and belongs to the stack's account. */
export const checkBucket: Check = {
  name: "bucket",
  run: async ({ env }, { config, credentials }) => {
    if (config === undefined) return skipped("The configuration does not name the bucket");
    const { imageBucket, awsAccountId, awsRegion } = config.config;
    const s3 = s3Client(awsRegion, env);
    try {
      // With the owner named, AWS refuses a bucket of that name which is another account's. Other servers have no accounts.
      const owner = s3Endpoint(env) === undefined ? { ExpectedBucketOwner: awsAccountId } : {};
      const request = { Bucket: imageBucket, ...owner };
      const { BucketRegion: region } = await s3.send(new HeadBucketCommand(request));
      if (region === undefined || region === awsRegion) return ok(imageBucket);
      return inOtherRegion(config.config, region);
    } catch (error) {
      const failure = awsFailure(error);
      if (failure.status === 403 && credentials?.source === "PICTURES_*") {
        return skipped(
          `These AWS credentials may not list bucket ${imageBucket} (s3:ListBucket); storing pictures works without it`,
        );
      }
      return bucketFailure(config.config, failure);
    } finally {
      s3.destroy();
    }
  },
};

function bucketFailure(config: ConfigValues, failure: AwsFailure): Finding {
  const { imageBucket, awsAccountId, awsRegion } = config;
  if (lacksCredentials(failure)) return skipped("There are no AWS credentials");
  if (failure.bucketRegion !== undefined && failure.bucketRegion !== awsRegion) {
    return inOtherRegion(config, failure.bucketRegion);
  }
  if (failure.status === 404) {
    return missing(`There is no bucket ${imageBucket} (config key imageBucket)`, "run pulumi up");
  }
  if (failure.status === 403) {
    return problem(
      `Bucket ${imageBucket} belongs to another account, or these AWS credentials may not list it (s3:ListBucket)`,
      `use credentials of account ${awsAccountId}; if the name is taken, choose another imageBucket`,
    );
  }
  return problem(
    `Bucket ${imageBucket} does not answer (${failure.name})`,
    "check the network, then try again",
  );
}

function inOtherRegion({ imageBucket, awsRegion }: ConfigValues, region: string): Finding {
  return problem(
    `Bucket ${imageBucket} is in ${region}, but the stack says ${awsRegion} (config key awsRegion)`,
    `pulumi config set awsRegion ${region}, or choose another imageBucket`,
  );
}

/** What the AWS SDK says about a failure, without anything of the request in it. */
interface AwsFailure {
  /** `AccessDenied`, `ExpiredToken`, `CredentialsProviderError`, `ENOTFOUND` … */
  readonly name: string;
  /** Of the answer; undefined where there was none. */
  readonly status: number | undefined;
  /** The region that the bucket is in, where S3 says so. */
  readonly bucketRegion: string | undefined;
}

/** Reads an error of the AWS SDK. */
function awsFailure(error: unknown): AwsFailure {
  const { name, code, $metadata, $response } = Object(error) as Readonly<Record<string, unknown>>;
  const { httpStatusCode } = Object($metadata) as { httpStatusCode?: unknown };
  const { headers } = Object($response) as { headers?: unknown };
  const region = (Object(headers) as Record<string, unknown>)["x-amz-bucket-region"];
  return {
    name: firstText(code, name) ?? "an unknown error",
    status: typeof httpStatusCode === "number" ? httpStatusCode : undefined,
    bucketRegion: typeof region === "string" ? region : undefined,
  };
}

/** Whether there are no usable credentials at all. */
function lacksCredentials({ name }: AwsFailure): boolean {
  return name === "CredentialsProviderError";
}

function firstText(...candidates: readonly unknown[]): string | undefined {
  return candidates.find((candidate) => typeof candidate === "string");
}
