import { HeadBucketCommand } from "@aws-sdk/client-s3";
import type { ConfigValues } from "../../infra/config-keys.ts";
import { s3Client, s3Endpoint } from "../aws/aws-clients.ts";
import { awsFailure, lacksCredentials, type AwsFailure } from "../aws/aws-failure.ts";
import type { Check } from "./check.ts";
import { ok, problem, skipped, type Finding } from "./finding.ts";

/** The bucket exists, answers and belongs to the stack's account. */
export const checkBucket: Check = {
  name: "bucket",
  run: async ({ env }, { config, credentials }) => {
    if (config === undefined) return skipped("The configuration does not say which bucket it is");
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
          `These AWS credentials may not look at bucket ${imageBucket} (s3:ListBucket); storing pictures works without`,
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
  if (lacksCredentials(failure)) return skipped("There are no AWS credentials to ask with");
  if (failure.bucketRegion !== undefined && failure.bucketRegion !== awsRegion) {
    return inOtherRegion(config, failure.bucketRegion);
  }
  if (failure.status === 404) {
    return problem(`There is no bucket ${imageBucket} (config key imageBucket)`, "run pulumi up");
  }
  if (failure.status === 403) {
    return problem(
      `Bucket ${imageBucket} is another account's, or these AWS credentials may not look at it (s3:ListBucket)`,
      `use credentials of account ${awsAccountId}; where the name is taken, choose another imageBucket`,
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
