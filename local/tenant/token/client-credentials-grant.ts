import { SignJWT } from "jose";
import type { ClientRecord } from "../state/client-record.ts";
import type { ResourceServerRecord } from "../state/resource-server-record.ts";
import type { TenantContext } from "../tenant-context.ts";
import type { TokenRequest } from "./authenticate-client.ts";
import { authenticateClient } from "./authenticate-client.ts";
import { TokenError } from "./token-error.ts";

export interface TokenResponse {
  access_token: string;
  scope?: string;
  /** Seconds. */
  expires_in: number;
  token_type: "Bearer";
}

/**
 * `grant_type=client_credentials`: an RS256 token of the application itself for one API, with the scopes of its grant.
 * The refusals' words are Auth0's as remembered from its public API, not observed here.
 */
export async function clientCredentialsGrant(
  context: TenantContext,
  body: TokenRequest,
  authorization: string | undefined,
): Promise<TokenResponse> {
  const client = await authenticateClient(context, body, authorization);
  if (!client.grant_types.includes("client_credentials")) {
    throw new TokenError(
      403,
      "unauthorized_client",
      "Grant type 'client_credentials' not allowed for the client.",
    );
  }
  const server = requestedServer(context, body["audience"]);
  const scope = grantedScopes(context, client, server).join(" ");
  const expiresIn = server.token_lifetime;
  const accessToken = await new SignJWT({
    azp: client.client_id,
    gty: "client-credentials",
    ...(scope === "" ? {} : { scope }),
  })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: context.signingKey.kid })
    .setIssuer(context.issuer)
    .setSubject(`${client.client_id}@clients`)
    .setAudience(server.identifier)
    .setIssuedAt()
    .setExpirationTime(`${expiresIn}s`)
    .sign(context.signingKey.privateKey);
  return {
    access_token: accessToken,
    ...(scope === "" ? {} : { scope }),
    expires_in: expiresIn,
    token_type: "Bearer",
  };
}

function requestedServer(context: TenantContext, audience: string | undefined): ResourceServerRecord {
  if (audience === undefined) {
    throw new TokenError(
      403,
      "access_denied",
      "An audience is required: name the API that the token is for.",
    );
  }
  const servers = [...context.state.resourceServers.values()];
  const server = servers.find(({ identifier }) => identifier === audience);
  if (!server) {
    throw new TokenError(403, "access_denied", `Service not enabled within domain: ${audience}`);
  }
  return server;
}

function grantedScopes(context: TenantContext, client: ClientRecord, server: ResourceServerRecord): string[] {
  const grant = [...context.state.clientGrants.values()].find(
    (candidate) =>
      candidate.client_id === client.client_id &&
      candidate.audience === server.identifier &&
      candidate.subject_type === "client",
  );
  if (grant?.allow_all_scopes === true) return (server.scopes ?? []).map(({ value }) => value);
  if (grant) return grant.scope ?? [];
  throw new TokenError(
    403,
    "access_denied",
    `Client is not authorized to access "${server.identifier}". You need to create a "client-grant" associated to ` +
      `this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants`,
  );
}
