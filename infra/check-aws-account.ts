import type { Provider } from "@pulumi/aws";
import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import { ExpectedError } from "./expected-error.ts";

/**
 * Fails unless the AWS credentials belong to the stack's account.
 *
 * @throws ExpectedError `aws-credentials-refused` or `aws-wrong-account`.
 */
export async function checkAwsAccount(stack: string, accountId: string, provider: Provider): Promise<void> {
  const found = await callerAccount(stack, accountId, provider);
  if (found === accountId) return;
  throw new ExpectedError(
    "aws-wrong-account",
    `The AWS credentials belong to account ${found}, but stack ${stack} uses ${accountId} (config key awsAccountId). ` +
      `Select the stack of that account, or set AWS_PROFILE (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) to ${accountId}.`,
  );
}

async function callerAccount(stack: string, accountId: string, provider: Provider): Promise<string> {
  try {
    return (await getCallerIdentity({}, { provider })).accountId;
  } catch (cause) {
    throw new ExpectedError(
      "aws-credentials-refused",
      `AWS did not say whose the credentials are: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        `Set AWS_PROFILE (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) to account ${accountId} of stack ${stack}.`,
      { cause },
    );
  }
}
