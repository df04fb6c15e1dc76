import { readFile } from "node:fs/promises";
import * as oidc from "openid-client";
import { Agent, fetch as undiciFetch } from "undici";
import {
  createCookieJar,
  LoginError,
  walkLogin,
  type CookieJar,
  type Fetch,
  type Person,
} from "./walk-login.ts";

export interface LoginClientOptions {
  /** `localhost:PORT`. */
  domain: string;
  /** The local authority's certificate, a PEM file. */
  caFile: string;
  clientId: string;
  /** Left out for a public application. */
  clientSecret?: string;
  /** One of the application's callbacks; nothing has to listen there. */
  redirectUri: string;
}

export type LoginRequest = Person & {
  /** By default `openid profile email`. */
  scope?: string;
  /** More parameters for /authorize, such as `connection`, `audience` or `prompt`. */
  parameters?: Record<string, string>;
  /** The browser: give the same one twice for a login by the session that is there. By default a fresh one. */
  cookies?: CookieJar;
};

/** What an application has after a login or a refresh. */
export interface LoginTokens {
  /** Of a verified ID token; empty where the scope was without `openid`. */
  idTokenClaims: Record<string, unknown>;
  idToken?: string;
  accessToken: string;
  refreshToken?: string;
  /** Granted, separated by spaces. */
  scope?: string;
}

/** An application that logs people in at the local tenant, without a browser. */
export interface LoginClient {
  /** The code flow with PKCE. Rejects with a LoginError where the tenant ends the login. */
  login: (request: LoginRequest) => Promise<LoginTokens>;
  /** A refresh-token exchange. Rejects with openid-client's ResponseBodyError where the tenant refuses it. */
  refresh: (refreshToken: string) => Promise<LoginTokens>;
  /** The answer of /userinfo. */
  userinfo: (tokens: LoginTokens) => Promise<Record<string, unknown>>;
  close: () => Promise<void>;
}

export async function createLoginClient(options: LoginClientOptions): Promise<LoginClient> {
  // Many people who log in at once on a busy machine wait longer than the default 10 s for a connection.
  const agent = new Agent({ connect: { ca: await readFile(options.caFile, "utf8"), timeout: 120_000 } });
  const fetch = ((url: string, init: object) =>
    undiciFetch(url, { ...init, dispatcher: agent })) as unknown as Fetch & oidc.CustomFetch;
  const config = await discover(options, fetch).catch(async (cause: unknown) => {
    await agent.close();
    throw cause;
  });
  return {
    login: (request) => logIn(config, options, fetch, request),
    refresh: async (refreshToken) => tokensOf(await oidc.refreshTokenGrant(config, refreshToken)),
    userinfo: async ({ accessToken, idTokenClaims }) => ({
      ...(await oidc.fetchUserInfo(config, accessToken, String(idTokenClaims["sub"]))),
    }),
    close: () => agent.close(),
  };
}

/** One login with an application of its own, and nothing left open. */
export async function login(options: LoginClientOptions & LoginRequest): Promise<LoginTokens> {
  const client = await createLoginClient(options);
  try {
    return await client.login(options);
  } finally {
    await client.close();
  }
}

function discover(options: LoginClientOptions, fetch: oidc.CustomFetch): Promise<oidc.Configuration> {
  const { clientId, clientSecret } = options;
  return oidc.discovery(
    new URL(`https://${options.domain}/`),
    clientId,
    undefined,
    clientSecret === undefined ? oidc.None() : oidc.ClientSecretPost(clientSecret),
    // openid-client trusts an ID token that came over TLS as it is; this makes it check the signature.
    { [oidc.customFetch]: fetch, execute: [oidc.enableNonRepudiationChecks] },
  );
}

async function logIn(
  config: oidc.Configuration,
  { redirectUri }: LoginClientOptions,
  fetch: Fetch,
  request: LoginRequest,
): Promise<LoginTokens> {
  const scope = request.scope ?? "openid profile email";
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const withOpenid = scope.split(" ").includes("openid");
  const nonce = withOpenid ? oidc.randomNonce() : undefined;
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state,
    ...(nonce === undefined ? {} : { nonce }),
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    // Puts the user's button on a page that does not list everybody.
    ...("userId" in request ? { login_hint: request.identity ?? request.userId } : {}),
    ...request.parameters,
  });
  const callback = await walkLogin(fetch, request.cookies ?? createCookieJar(), url, redirectUri, request);
  throwIfRefused(callback);
  const tokens = await oidc.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    ...(nonce === undefined ? {} : { expectedNonce: nonce }),
    idTokenExpected: withOpenid,
  });
  return tokensOf(tokens);
}

function throwIfRefused(callback: URL): void {
  const error = callback.searchParams.get("error");
  if (error === null) return;
  const description = callback.searchParams.get("error_description") ?? undefined;
  const message = `The tenant ended the login: ${error}${description === undefined ? "" : ` (${description})`}`;
  throw new LoginError("refused", message, error, description);
}

function tokensOf(response: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers): LoginTokens {
  const { access_token, id_token, refresh_token, scope } = response;
  return {
    idTokenClaims: { ...response.claims() },
    accessToken: access_token,
    ...(id_token === undefined ? {} : { idToken: id_token }),
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
    ...(scope === undefined ? {} : { scope }),
  };
}
