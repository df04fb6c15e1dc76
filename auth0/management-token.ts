import { createPrivateKey, randomUUID, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { ExpectedError } from "../lib/errors.ts";
import type { ManagementCredentials } from "./credentials.ts";
import { managementAudience, postForToken, unreachable } from "./post-for-token.ts";

/** How a client proves who it is: `client_secret_post` or `private_key_jwt`. */
export type ClientProof =
  | { readonly clientSecret: string }
  /** PEM of an RSA key whose public half is registered with the client. */
  | { readonly privateKey: string };

export type ManagementTokenRequest = ClientProof & {
  /** The tenant's own domain, without https://. */
  readonly domain: string;
  readonly clientId: string;
};

export interface ManagementToken {
  readonly accessToken: string;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly expiresIn: number;
}

/** The type of a client assertion: RFC 7523. */
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * A Management API token of a machine-to-machine client. Nothing of a secret, a key or a token is in any error.
 *
 * @throws ExpectedError `client-key-broken` (the private key cannot be read), `client-refused` (Auth0 knows no such
 *   client, secret or key, or the client has no grant) or `auth0-unreachable` (no answer, 429 or 5xx).
 */
export async function requestManagementToken(request: ManagementTokenRequest): Promise<ManagementToken> {
  const { domain, clientId } = request;
  const response = await postForToken(domain, {
    grant_type: "client_credentials",
    client_id: clientId,
    audience: managementAudience(domain),
    ...(await proofFields(request)),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw refused(domain, clientId, response.status);
  }
  const token: unknown = await response.json().catch(() => undefined);
  return readToken(domain, token);
}

async function proofFields(request: ManagementTokenRequest): Promise<Record<string, string>> {
  if ("clientSecret" in request) return { client_secret: request.clientSecret };
  const { domain, clientId, privateKey } = request;
  return {
    client_assertion_type: assertionType,
    client_assertion: await clientAssertion(domain, clientId, readPrivateKey(privateKey)),
  };
}

/** Auth0 takes each assertion once, for at most 5 minutes; its audience is the tenant with a final slash. */
function clientAssertion(domain: string, clientId: string, key: KeyObject): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: "RS256" })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(`https://${domain}/`)
    .setIssuedAt()
    .setExpirationTime("1m")
    .setJti(randomUUID())
    .sign(key);
}

function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The cause is left out: it could quote the key.
    throw new ExpectedError(
      "client-key-broken",
      "The client's private key is not a key in PEM form. Use the key that pictures keys create or pictures rotate wrote.",
    );
  }
}

function refused(domain: string, clientId: string, status: number): ExpectedError {
  if (status === 429 || status >= 500) return unreachable(domain, `it answered ${status}`);
  return new ExpectedError(
    "client-refused",
    `${domain} refuses client ${clientId} (status ${status}). Check that the secret or the key is this client's, and that ` +
      "the client is authorized for the Auth0 Management API.",
  );
}

function readToken(domain: string, token: unknown): ManagementToken {
  const {
    access_token: accessToken,
    scope,
    expires_in: expiresIn,
  } = Object(token) as Record<string, unknown>;
  if (typeof accessToken !== "string") throw unreachable(domain, "its answer has no token");
  return {
    accessToken,
    scopes: typeof scope === "string" ? scope.split(" ") : [],
    // RFC 6749 leaves it optional; 24 hours are Auth0's default for the Management API.
    expiresIn: typeof expiresIn === "number" ? expiresIn : 86_400,
  };
}

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
