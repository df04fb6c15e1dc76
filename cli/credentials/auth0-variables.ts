import { given, type Environment } from "../environment.ts";
import { incompleteCredentials } from "./incomplete-credentials.ts";
import type { ManagementCredentials } from "./management-credentials.ts";

/**
 * The credentials in the variables that the Auth0 provider reads as well: `AUTH0_API_TOKEN`, or `AUTH0_CLIENT_ID` and
 * `AUTH0_CLIENT_SECRET`, with `AUTH0_DOMAIN`.
 *
 * @param stackDomain The stack's tenant, which stands in for a missing `AUTH0_DOMAIN`.
 * @returns undefined where none of them is set; `AUTH0_DOMAIN` alone does not count.
 * @throws ExpectedError `credentials-incomplete`.
 */
export function auth0Variables(
  env: Environment,
  stackDomain: string | undefined,
): ManagementCredentials | undefined {
  const token = given(env, "AUTH0_API_TOKEN");
  const clientId = given(env, "AUTH0_CLIENT_ID");
  const clientSecret = given(env, "AUTH0_CLIENT_SECRET");
  const domain = given(env, "AUTH0_DOMAIN") ?? stackDomain;
  const missingDomain = domain === undefined ? ["AUTH0_DOMAIN"] : [];
  if (token !== undefined) {
    if (domain === undefined) throw incompleteCredentials("AUTH0_API_TOKEN", missingDomain);
    return { domain, source: "AUTH0_*", proof: { token } };
  }
  if (clientId === undefined && clientSecret === undefined) return undefined;
  if (clientId === undefined)
    throw incompleteCredentials("AUTH0_CLIENT_SECRET", ["AUTH0_CLIENT_ID", ...missingDomain]);
  if (clientSecret === undefined || domain === undefined) {
    const missingSecret = clientSecret === undefined ? ["AUTH0_CLIENT_SECRET"] : [];
    throw incompleteCredentials("AUTH0_CLIENT_ID", [...missingSecret, ...missingDomain]);
  }
  return { domain, source: "AUTH0_*", proof: { clientId, clientSecret } };
}
