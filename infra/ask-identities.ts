import type { Provider } from "@pulumi/aws";
import { checkAuth0Credentials } from "./check-auth0-credentials.ts";
import { checkAwsAccount } from "./check-aws-account.ts";
import type { ConfigValues } from "./config-keys.ts";

/** Each resolves when the credentials are the stack's, and rejects as its check does. */
export interface Identities {
  readonly auth0: Promise<void>;
  readonly aws: Promise<void>;
}

/** Asks Auth0 and AWS at the same time whose the credentials are. Whoever calls must look at both at once. */
export function askIdentities(stack: string, config: ConfigValues, aws: Provider): Identities {
  return {
    auth0: checkAuth0Credentials(stack, config.auth0Domain, process.env),
    aws: checkAwsAccount(stack, config.awsAccountId, aws),
  };
}
