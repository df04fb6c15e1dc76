import { requestManagementToken } from "../../infra/request-management-token.ts";
import type { ManagementCredentials } from "../credentials/management-credentials.ts";

/** A token for the Management API. Never shown. */
export interface ManagementAccess {
  readonly domain: string;
  readonly accessToken: string;
  /** What the token itself says that it permits. */
  readonly scopes: readonly string[];
}

/**
 * Gets a token with the credentials; one that they hold already is taken as it is.
 *
 * @throws ExpectedError as `requestManagementToken` does.
 */
export async function requestAccess({ domain, proof }: ManagementCredentials): Promise<ManagementAccess> {
  if ("token" in proof) return { domain, accessToken: proof.token, scopes: scopesIn(proof.token) };
  const { accessToken, scopes } = await requestManagementToken({ domain, ...proof });
  return { domain, accessToken, scopes };
}

/** Auth0's tokens are JWTs with the scopes in `scope`, separated by spaces. */
function scopesIn(token: string): string[] {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const { scope } = Object(payload) as { scope?: unknown };
    return typeof scope === "string" ? scope.split(" ") : [];
  } catch {
    return [];
  }
}
