import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { s3Endpoint, stsClient, stsEndpoint } from "../aws/aws-clients.ts";
import { awsFailure, lacksCredentials } from "../aws/aws-failure.ts";
import type { Check } from "./check.ts";
import { ok, problem, skipped, type Finding } from "./finding.ts";

/** The AWS credentials are the stack's account's. */
export const checkAwsIdentity: Check = {
  name: "aws-identity",
  run: async ({ env }, { config, credentials }) => {
    if (config === undefined) return skipped("The configuration does not say which account it is");
    const elsewhere = s3Endpoint(env);
    if (elsewhere !== undefined && stsEndpoint(env) === undefined) {
      // Its keys mean nothing to AWS, and AWS need not see them.
      return skipped(`The S3 server is ${elsewhere}, not AWS, and cannot be asked for an identity`);
    }
    const { awsAccountId, awsRegion } = config.config;
    const isOptional = credentials?.source === "PICTURES_*";
    return identityFinding(awsAccountId, stsClient(awsRegion, env), isOptional);
  },
};

/** @param isOptional Whether to do without credentials is no problem: only commands with files need some. */
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
      return skipped("There are no AWS credentials; set --file, block --purge and forget need some");
    }
    if (lacksCredentials(failure)) return problem("There are no AWS credentials", remedy);
    return problem(`AWS does not say whose the credentials are (${failure.name})`, remedy);
  } finally {
    sts.destroy();
  }
}
