import { createPublicKey, timingSafeEqual } from "node:crypto";
import { decodeJwt, jwtVerify, SignJWT } from "jose";
import { isJsonObject } from "../../lib/json.ts";
import type { ClientRecord } from "../state/client.ts";
import type { ResourceServerRecord } from "../state/resource-server.ts";
import type { TenantContext } from "../tenant-context.ts";

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

/** The form or JSON body of /oauth/token. */
type TokenRequest = Record<string, string | undefined>;

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * The application that the request proves to be: by HTTP Basic, by `client_id` and `client_secret` in the body, or by
 * an assertion signed with a registered key. Which of the first two is not looked at: Auth0 takes either. 401
 * `access_denied` otherwise.
 */
async function authenticateClient(
  context: TenantContext,
  body: TokenRequest,
  authorization: string | undefined,
): Promise<ClientRecord> {
  const assertion = body["client_assertion"];
  if (body["client_assertion_type"] === assertionType && assertion !== undefined) {
    return clientByAssertion(context, assertion);
  }
  const { id, secret } = basicCredentials(authorization) ?? {
    id: body["client_id"],
    secret: body["client_secret"],
  };
  const client = context.state.clients.get(id ?? "");
  if (!client || secret === undefined || !isSame(secret, client.client_secret)) throw unauthorized();
  // The secret is still there, out of use; that it is refused is documented as the method's purpose, not observed.
  if (client["client_authentication_methods"] !== undefined) throw unauthorized();
  return client;
}

function unauthorized(): TokenError {
  return new TokenError(401, "access_denied", "Unauthorized");
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function basicCredentials(authorization: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...secret] = Buffer.from(encoded, "base64").toString().split(":");
  // RFC 6749, 2.3.1: both parts are form-encoded first.
  return { id: formDecoded(id), secret: formDecoded(secret.join(":")) };
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

async function clientByAssertion(context: TenantContext, assertion: string): Promise<ClientRecord> {
  for (const { client, publicKeyPem, alg } of assertionKeys(context, assertion)) {
    try {
      await jwtVerify(assertion, createPublicKey(publicKeyPem), {
        algorithms: [alg],
        issuer: client.client_id,
        subject: client.client_id,
        audience: [context.issuer, `${context.issuer}oauth/token`],
      });
      return client;
    } catch {
      // Another of the application's keys may have signed it.
    }
  }
  throw unauthorized();
}

/** The keys that the application, as the assertion names it, has in use. */
function assertionKeys(
  context: TenantContext,
  assertion: string,
): { client: ClientRecord; publicKeyPem: string; alg: string }[] {
  const client = context.state.clients.get(claimedSubject(assertion));
  const methods = client?.["client_authentication_methods"];
  const method = isJsonObject(methods) ? methods["private_key_jwt"] : undefined;
  const inUse = isJsonObject(method) ? method["credentials"] : undefined;
  if (!client || !Array.isArray(inUse)) return [];
  const ids = inUse.map((credential) => (isJsonObject(credential) ? credential["id"] : undefined));
  return [...(context.state.clientCredentials.get(client.client_id)?.values() ?? [])]
    .filter(({ id }) => ids.includes(id))
    .flatMap(({ publicKeyPem, alg }) =>
      publicKeyPem === undefined || alg === undefined ? [] : [{ client, publicKeyPem, alg }],
    );
}

function claimedSubject(assertion: string): string {
  try {
    return decodeJwt(assertion).sub ?? "";
  } catch {
    return "";
  }
}

/** A refusal of /oauth/token: `{error, error_description}` with this status. */
export class TokenError extends Error {
  override name = "TokenError";
  readonly statusCode: number;
  readonly error: string;

  constructor(statusCode: number, error: string, description: string) {
    super(description);
    this.statusCode = statusCode;
    this.error = error;
  }
}
