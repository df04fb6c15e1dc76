import type { Provider } from "@pulumi/aws";
import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import { checkDeployCredentials } from "../auth0/credentials.ts";
import { ExpectedError } from "../lib/errors.ts";
import type { ConfigValues } from "../stack/config-keys.ts";

/** Each resolves when the credentials are the stack's, and rejects as its check does. */
export interface Identities {
  readonly auth0: Promise<void>;
  readonly aws: Promise<void>;
}

/** Asks Auth0 and AWS at the same time who owns the credentials. The caller must await both at once. */
export function askIdentities(stack: string, config: ConfigValues, aws: Provider): Identities {
  return {
    auth0: checkDeployCredentials(stack, config.auth0Domain, process.env),
    aws: checkAwsAccount(stack, config.awsAccountId, aws),
  };
}

/**
 * Fails unless the AWS credentials belong to the stack's account.
 *
 * @throws ExpectedError `aws-credentials-refused` or `aws-wrong-account`.
 */
async function checkAwsAccount(stack: string, accountId: string, provider: Provider): Promise<void> {
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
      `AWS did not say who owns the credentials: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        `Set AWS_PROFILE (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) to account ${accountId} of stack ${stack}.`,
      { cause },
    );
  }
}
