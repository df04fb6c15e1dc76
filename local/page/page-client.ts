import { readFileSync } from "node:fs";
import * as oidc from "openid-client";
import { Agent, fetch as undiciFetch } from "undici";
import { createLoginClient, type LoginClient, type LoginClientOptions } from "../login/login.ts";

export interface PageClientOptions {
  /** With its final slash. */
  readonly issuer: string;
  readonly caFile: string;
  readonly clientId: string;
  readonly redirectUri: string;
}

export type LoginOutcome =
  | { readonly claims: Readonly<Record<string, unknown>> }
  /** Why there is none, for people. */
  | { readonly refusal: string };

/** The page as an OpenID Connect client: the code flow with PKCE, the codes kept on the server. */
export interface PageClient {
  /** Where to send the browser. */
  readonly begin: (userId: string) => Promise<string>;
  /** What the browser came back with. */
  readonly finish: (callback: URL) => Promise<LoginOutcome>;
  readonly close: () => Promise<void>;
}

/** Logins under way: more are forgotten, the oldest first. */
const most = 1000;

export function createPageClient({ issuer, caFile, clientId, redirectUri }: PageClientOptions): PageClient {
  const agent = new Agent({ connect: { ca: readFileSync(caFile, "utf8") } });
  const fetch = ((url: string, init: object) =>
    undiciFetch(url, { ...init, dispatcher: agent })) as unknown as oidc.CustomFetch;
  const verifiers = new Map<string, string>();
  let discovered: Promise<oidc.Configuration> | undefined;
  const configuration = () =>
    (discovered ??= oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
      [oidc.customFetch]: fetch,
      execute: [oidc.enableNonRepudiationChecks],
    }));

  const begin = async (userId: string): Promise<string> => {
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    verifiers.set(state, verifier);
    for (const [oldest] of verifiers) if (verifiers.size > most) verifiers.delete(oldest);
    const url = oidc.buildAuthorizationUrl(await configuration(), {
      redirect_uri: redirectUri,
      scope: "openid profile email",
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      login_hint: userId,
      // The person chosen on the page, not the one of the browser's session.
      prompt: "login",
    });
    return url.href;
  };

  const finish = async (callback: URL): Promise<LoginOutcome> => {
    const state = callback.searchParams.get("state") ?? "";
    const verifier = verifiers.get(state);
    verifiers.delete(state);
    if (verifier === undefined) return { refusal: "This login has expired: log in again." };
    const checks = { pkceCodeVerifier: verifier, expectedState: state, idTokenExpected: true };
    try {
      const tokens = await oidc.authorizationCodeGrant(await configuration(), callback, checks);
      return { claims: { ...tokens.claims() } };
    } catch (error) {
      return {
        refusal: `The tenant ended the login: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
  };
  return { begin, finish, close: () => agent.close() };
}

/** The page's application logging a user in without their browser: the same OpenID Connect login, walked by the server. */
export interface HeadlessLogin {
  /**
   * The ID token's claims. Rejects with a LoginError where the tenant ends the login.
   *
   * @param identity The id of one of the user's identities; the primary one where it is left out.
   */
  readonly logIn: (userId: string, identity?: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly close: () => Promise<void>;
}

export function createHeadlessLogin(options: LoginClientOptions): HeadlessLogin {
  // Made at the first login: discovery asks the tenant, whose routes are not all there yet.
  let client: Promise<LoginClient> | undefined;
  return {
    logIn: async (userId, identity) => {
      client ??= createLoginClient(options);
      try {
        const person = { userId, ...(identity === undefined ? {} : { identity }) };
        return (await (await client).login(person)).idTokenClaims;
      } catch (error) {
        // A failed discovery is not kept.
        await client.catch(() => (client = undefined));
        throw error;
      }
    },
    close: async () => {
      await (await client?.catch(() => undefined))?.close();
    },
  };
}
