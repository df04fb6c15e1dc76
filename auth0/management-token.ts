import { createPrivateKey, randomUUID, type KeyObject } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ExpectedError } from "../lib/errors.ts";
import { valueIn } from "../lib/json.ts";
import { rateLimitMs, withRetry, type AnswerHeaders } from "../lib/retry.ts";

/** How a client authenticates: by `client_secret_post` or `private_key_jwt`. */
export type ClientAuth =
  | { readonly clientSecret: string }
  /** PEM of an RSA key whose public half is registered with the client. */
  | { readonly privateKey: string };

export type ManagementTokenRequest = ClientAuth & {
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

interface TokenAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly text: () => Promise<string>;
}

export interface TokenOptions {
  /** As Node's own, of which less is needed. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<TokenAnswer>;
  readonly pause?: (ms: number) => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** The caller's own error for a refusal, which knows where the credentials come from. */
  readonly refused?: (status: number) => Error;
  /** False for a caller that repeats more than this request. */
  readonly repeats?: boolean;
}

/** The identifier of the tenant's Management API; the final slash belongs to it. */
export function managementAudience(auth0Domain: string): string {
  return `https://${auth0Domain}/api/v2/`;
}

/**
 * A Management API token of a machine-to-machine client. The request is repeated after the end of a rate limit, and some
 * times after an answer 5xx or none. Nothing of a secret, a key or a token is in any error.
 *
 * @throws ExpectedError `client-key-broken` (the private key cannot be read), `client-refused` (Auth0 knows no such
 *   client, secret or key, or the client has no grant) or `auth0-unreachable` (no answer, 429 or 5xx to the end).
 */
export async function requestManagementToken(
  request: ManagementTokenRequest,
  options: TokenOptions = {},
): Promise<ManagementToken> {
  const { pause = sleep, repeats = true } = options;
  const pauseAfter = (error: unknown, failures: number) =>
    repeats && error instanceof NoToken ? error.pauseMs(failures) : undefined;
  try {
    return await withRetry(() => requestOnce(request, options), pauseAfter, pause);
  } catch (error) {
    throw error instanceof NoToken ? unreachable(request.domain, error) : error;
  }
}

/** Before the next attempts, in milliseconds: a rate limit may make them longer. */
const pausesMs = [500, 1000, 2000, 4000, 8000];

/** An attempt without an answer has cost up to 10 s already. */
const unansweredPausesMs = [500, 2000];

/** Of the network, and gone a moment later. A wrong name, a port where nothing listens or a bad certificate stays. */
const passingFailure = /^(ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|UND_ERR_\w+)$/;

/** The tenant gave neither a token nor a refusal. */
class NoToken extends Error {
  /** @param pauseMs undefined where another attempt would end the same way. */
  constructor(
    why: string,
    readonly pauseMs: (failures: number) => number | undefined,
    options?: ErrorOptions,
  ) {
    super(why, options);
  }
}

async function requestOnce(request: ManagementTokenRequest, options: TokenOptions): Promise<ManagementToken> {
  const { domain, clientId } = request;
  const { now = Date.now, refused = (status: number) => clientRefused(domain, clientId, status) } = options;
  const { ok, status, headers, text } = await postForToken(request, options);
  if (ok) return readToken(text);
  if (status !== 429 && status < 500) throw refused(status);
  const waitMs = status === 429 ? rateLimitMs(headers, now()) : 0;
  throw new NoToken(`it answered ${status}`, (failures) => {
    const pauseMs = pausesMs[failures - 1];
    return pauseMs === undefined ? undefined : Math.max(waitMs, pauseMs);
  });
}

async function postForToken(
  request: ManagementTokenRequest,
  { fetch: send = fetch }: TokenOptions,
): Promise<{ ok: boolean; status: number; headers: AnswerHeaders; text: string }> {
  const { domain, clientId } = request;
  // An assertion is taken once, so each attempt has its own.
  const body = JSON.stringify({
    grant_type: "client_credentials",
    client_id: clientId,
    audience: managementAudience(domain),
    ...(await clientAuthFields(request)),
  });
  try {
    const answer = await send(`https://${domain}/oauth/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      signal: AbortSignal.timeout(10_000),
    });
    const { ok, status, headers } = answer;
    return { ok, status, headers, text: await answer.text() };
  } catch (cause) {
    const code = valueIn(cause, "cause", "code");
    const mayPass =
      typeof code === "string" ? passingFailure.test(code) : (cause as Error).name === "TimeoutError";
    const pauses = mayPass ? unansweredPausesMs : [];
    const why = typeof code === "string" ? code : "no answer within 10 s";
    throw new NoToken(why, (failures) => pauses[failures - 1], { cause });
  }
}

async function clientAuthFields(request: ManagementTokenRequest): Promise<Record<string, string>> {
  if ("clientSecret" in request) return { client_secret: request.clientSecret };
  const { domain, clientId, privateKey } = request;
  return {
    // The type of a client assertion: RFC 7523.
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await clientAssertion(domain, clientId, readPrivateKey(privateKey)),
  };
}

/** Auth0 takes each assertion once, for at most 5 minutes; its audience is the tenant with a final slash. */
async function clientAssertion(domain: string, clientId: string, key: KeyObject): Promise<string> {
  const { SignJWT } = await import("jose/jwt/sign");
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

function clientRefused(domain: string, clientId: string, status: number): ExpectedError {
  return new ExpectedError(
    "client-refused",
    `${domain} refuses client ${clientId} (status ${status}). Check that the secret or the key is this client's, and that ` +
      "the client is authorized for the Auth0 Management API.",
  );
}

function unreachable(domain: string, { message: why, cause }: NoToken): ExpectedError {
  const message = `${domain} (config key auth0Domain) did not answer the token request: ${why}. Check the name and the network, then try again.`;
  return new ExpectedError("auth0-unreachable", message, { cause });
}

/** What is wrong in the answer is not shown, nor kept as a cause: it may quote the token. */
function readToken(text: string): ManagementToken {
  const answer = parsed(text);
  const accessToken = valueIn(answer, "access_token");
  const expiresIn = valueIn(answer, "expires_in");
  if (typeof accessToken !== "string") throw new NoToken("its answer has no token", () => undefined);
  return {
    accessToken,
    scopes: scopesIn(valueIn(answer, "scope")),
    // RFC 6749 leaves it optional; 24 hours are Auth0's default for the Management API.
    expiresIn: typeof expiresIn === "number" ? expiresIn : 86_400,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Separated by spaces: in an answer as in a token. */
function scopesIn(scope: unknown): string[] {
  return typeof scope === "string" ? scope.split(" ") : [];
}

export type ManagementAuth =
  /** A Management API token that was requested elsewhere. */
  { readonly token: string } | (ClientAuth & { readonly clientId: string });

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
export async function requestAccess({
  domain,
  clientAuth,
}: {
  readonly domain: string;
  readonly clientAuth: ManagementAuth;
}): Promise<ManagementAccess> {
  if ("token" in clientAuth) {
    const { scope } = await tokenClaims(clientAuth.token);
    return { domain, accessToken: clientAuth.token, scopes: scopesIn(scope) };
  }
  const { accessToken, scopes } = await requestManagementToken({ domain, ...clientAuth });
  return { domain, accessToken, scopes };
}

/**
 * What a token says of itself: Auth0's are JWTs. It is not verified: Auth0 does that when the token is used.
 *
 * @returns {} for a token that cannot be read.
 */
export async function tokenClaims(token: string): Promise<Readonly<Record<string, unknown>>> {
  // Loaded here, since a program run with a client's secret does without it.
  const { decodeJwt } = await import("jose/jwt/decode");
  try {
    const claims: Readonly<Record<string, unknown>> = decodeJwt(token);
    return claims;
  } catch {
    return {};
  }
}
