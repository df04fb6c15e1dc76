import { checkToken } from "../../infra/check-auth0-credentials.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { runPulumi, type RunPulumi } from "../pulumi/run-pulumi.ts";
import { auth0Variables } from "./auth0-variables.ts";
import type { Environment } from "../environment.ts";
import type { ManagementCredentials } from "./management-credentials.ts";
import { picturesVariables } from "./pictures-variables.ts";
import { stackCredentials } from "./stack-credentials.ts";

/** The stack that a command works on, and the tenant that its configuration names. */
export interface StackTenant {
  readonly stack: string;
  /** Config key `auth0Domain`. */
  readonly domain: string;
}

/**
 * The credentials for the stack's tenant: `AUTH0_*` variables first, then `PICTURES_*`, else the stack's outputs. A set
 * that is there in part, or another tenant's, is an error and no reason to take the next.
 *
 * @throws ExpectedError `auth0-wrong-tenant`, `auth0-credentials-refused` (an `AUTH0_API_TOKEN` that has ended) or
 *   what the places themselves throw.
 */
export async function findCredentials(
  { stack, domain }: StackTenant,
  env: Environment,
  pulumi: RunPulumi = runPulumi,
): Promise<ManagementCredentials> {
  const fromVariables = auth0Variables(env, domain) ?? picturesVariables(env, domain);
  if (fromVariables === undefined) return stackCredentials(stack, domain, pulumi);
  if (fromVariables.domain !== domain) {
    const variable = fromVariables.source.replace("*", "DOMAIN");
    throw new ExpectedError(
      "auth0-wrong-tenant",
      `${variable} is ${fromVariables.domain}, but stack ${stack} manages ${domain} (config key auth0Domain). ` +
        `Name the stack of that tenant, or use the credentials of ${domain}.`,
    );
  }
  if ("token" in fromVariables.proof) checkToken(stack, domain, fromVariables.proof.token);
  return fromVariables;
}
