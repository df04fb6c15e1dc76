import { randomBytes } from "node:crypto";
import { format } from "node:util";
import type * as OidcProvider from "oidc-provider";
import type {
  Configuration,
  ErrorOut,
  interactionPolicy as policyTypes,
  KoaContextWithOIDC,
  Provider,
} from "oidc-provider";
import { markup, type HtmlPage } from "../../lib/html.ts";
import { isJsonObject } from "../../lib/json.ts";
import { standardError } from "../../lib/terminal-output.ts";
import { terminalBlock } from "../../lib/terminal-text.ts";
import { parseUrl } from "../../lib/url.ts";
import type { TenantContext } from "../tenant-context.ts";
import {
  allowCustomClaims,
  createAccounts,
  createLoginResults,
  scopeClaims,
  type Accounts,
  type Refuse,
} from "./accounts.ts";
import { createClientAdapter } from "./adapters.ts";
import { audienceFeature, grantAudience } from "./audience.ts";
import { answerAsAuth0 } from "./auth0-answers.ts";
import { registerPasswordGrants } from "./password-grant.ts";
import type { PostLoginFlow } from "./post-login-flow.ts";
import { tenantPage } from "./tenant-page.ts";

const dayS = 24 * 60 * 60;
const grantLifetimeS = 30 * dayS;

/** OpenID Connect for one tenant, at Auth0's paths. */
export async function createProvider(context: TenantContext, runFlow: PostLoginFlow): Promise<Provider> {
  const library = await loadOidcProvider();
  const refuse: Refuse = (status, error, description) => {
    const refusal = new library.errors.CustomOIDCProviderError(error, description);
    refusal.status = status;
    refusal.statusCode = status;
    return refusal;
  };
  const accounts = createAccounts(context, runFlow, createLoginResults(grantLifetimeS), refuse);
  const provider = new library.Provider(context.issuer, configuration(context, library, accounts, refuse));
  provider.on("server_error", (_ctx, error) => {
    context.log(`OpenID Connect failed: ${error.message}`);
  });
  allowCustomClaims(provider);
  registerPasswordGrants(provider, context, accounts, refuse);
  answerAsAuth0(provider);
  return provider;
}

function configuration(
  context: TenantContext,
  library: typeof OidcProvider,
  accounts: Accounts,
  refuse: Refuse,
): Configuration {
  return {
    adapter: (model) => (model === "Client" ? createClientAdapter(context) : context.logins.adapter(model)),
    claims: scopeClaims,
    clientBasedCORS: (_ctx, origin, { clientId }) => isAllowedOrigin(context, clientId, origin),
    // Auth0 puts what the scopes give into the ID token, not only into /userinfo.
    conformIdTokenClaims: false,
    cookies: { keys: [randomBytes(32).toString("hex")] },
    extraParams: ["audience", "connection", "organization", "screen_hint"],
    extraTokenClaims: (_ctx, token) => accounts.accessTokenClaims(token),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: audienceFeature(context, refuse),
      revocation: { enabled: true, allowedPolicy: revoke },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
    },
    findAccount: accounts.find,
    interactions: {
      policy: loginPolicy(library, accounts),
      url: (_ctx, { uid }) => `/u/login?state=${uid}`,
    },
    jwks: { keys: [context.signingKey.privateJwk] as never },
    loadExistingGrant: (ctx) => newGrant(context, ctx),
    pkce: { required: () => false },
    renderError,
    responseTypes: ["code"],
    rotateRefreshToken: (ctx) => rotatesRefreshTokens(context, ctx.oidc.client?.clientId),
    routes: {
      authorization: "/authorize",
      end_session: "/oidc/logout",
      jwks: "/.well-known/jwks.json",
      revocation: "/oauth/revoke",
      token: "/oauth/token",
      userinfo: "/userinfo",
    },
    scopes: ["openid", "offline_access", "profile", "email", "phone"],
    ttl: {
      AccessToken: dayS,
      AuthorizationCode: 60,
      Grant: grantLifetimeS,
      IdToken: (_ctx, _token, { clientId }) => idTokenLifetime(context, clientId),
      Interaction: 60 * 60,
      RefreshToken: grantLifetimeS,
      Session: 3 * dayS,
    },
  };
}

/** A grant of its own for every login, with all that was asked for: so no two logins can mix up their claims. */
async function newGrant(
  context: TenantContext,
  ctx: KoaContextWithOIDC,
): Promise<InstanceType<Provider["Grant"]> | undefined> {
  const { account, client, params, provider, requestParamOIDCScopes } = ctx.oidc;
  if (!account || !client) return undefined;
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  grant.addOIDCScope([...requestParamOIDCScopes].join(" "));
  grantAudience(context, grant, params?.["resource"], ctx.oidc.requestParamScopes);
  await grant.save();
  return grant;
}

/**
 * Revokes a refresh token of the application's own and nothing else: as Auth0 documents it without the tenant's flag
 * `revoke_refresh_token_grant`. oidc-provider, told no here, does not end the access tokens of that login as well.
 */
async function revoke(
  _ctx: KoaContextWithOIDC,
  client: { clientId: string },
  token: { kind: string; clientId?: string | undefined; destroy: () => Promise<void> },
): Promise<boolean> {
  if (token.kind === "RefreshToken" && token.clientId === client.clientId) await token.destroy();
  return false;
}

function rotatesRefreshTokens(context: TenantContext, clientId: string | undefined): boolean {
  return setting(context, clientId, "refresh_token", "rotation_type") === "rotating";
}

/** Seconds; Auth0's default is ten hours. */
function idTokenLifetime(context: TenantContext, clientId: string | undefined): number {
  const lifetime = setting(context, clientId, "jwt_configuration", "lifetime_in_seconds");
  return typeof lifetime === "number" && Number.isInteger(lifetime) && lifetime > 0 ? lifetime : 36000;
}

/** One of an application's settings inside another. */
function setting(context: TenantContext, clientId: string | undefined, group: string, name: string): unknown {
  const settings = context.state.clients.get(clientId ?? "")?.[group];
  return isJsonObject(settings) ? settings[name] : undefined;
}

/** Auth0 allows the origins that are listed, and those of the callbacks. */
function isAllowedOrigin(context: TenantContext, clientId: string, origin: string): boolean {
  const client = context.state.clients.get(clientId);
  if (!client) return false;
  const listed = [client["allowed_origins"], client["web_origins"]].flat();
  const ofCallbacks = (client.callbacks ?? []).map((uri) => parseUrl(uri)?.origin);
  return listed.includes(origin) || ofCallbacks.includes(origin);
}

function renderError(ctx: KoaContextWithOIDC, out: ErrorOut): void {
  const description = out.error_description ?? "The request could not be answered.";
  const main = markup`<p>${description}</p>\n<p class="hint">Error <code>${out.error}</code></p>`;
  send(ctx, tenantPage("This login does not work", main));
}

/** @param form HTML of the provider. */
function logoutSource(ctx: KoaContextWithOIDC, form: string): void {
  const button = markup`<button class="main" type="submit" form="op.logoutForm" name="logout" value="yes">Log out</button>`;
  send(ctx, tenantPage("Log out of the local tenant?", markup`${{ html: form }}\n${button}`));
}

function postLogoutSuccessSource(ctx: KoaContextWithOIDC): void {
  const main = markup`<p>You are logged out of the local tenant in this browser.</p>`;
  send(ctx, tenantPage("Logged out", main));
}

function send(ctx: KoaContextWithOIDC, { html, headers }: HtmlPage): void {
  ctx.set({ ...headers });
  ctx.body = html;
}

/**
 * What stands between a request to /authorize and its code: the login page if no user is logged in, no consent page
 * (the tenant's applications are first-party), and last the post-login flow, once for each login.
 */
function loginPolicy(
  { interactionPolicy }: typeof OidcProvider,
  accounts: Accounts,
): policyTypes.DefaultPolicy {
  const { Check, Prompt, base } = interactionPolicy;
  const policy = base();
  policy.get("login")?.checks.add(
    new Check("no_account", "The user no longer exists", "login_required", ({ oidc }) => {
      const isGone = oidc.session?.accountId !== undefined && !oidc.account;
      return isGone ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
    }),
  );
  policy.remove("consent");
  // Known, so that it may be asked for, and never shown.
  const consent = new Prompt({ name: "consent", requestable: true });
  consent.checks.clear();
  policy.add(consent);
  policy.add(
    new Prompt(
      { name: "post-login" },
      new Check("actions", "The post-login flow", async (ctx) => {
        await finishLogin(ctx, accounts);
        return Check.NO_NEED_TO_PROMPT;
      }),
    ),
  );
  return policy;
}

async function finishLogin(ctx: KoaContextWithOIDC, accounts: Accounts): Promise<void> {
  const { Grant } = ctx.oidc.entities;
  if (!Grant) throw new Error("A login without a grant.");
  // Its id, by which the flow's claims are found again, is given at the first save.
  await accounts.logIn(ctx, Grant.jti);
}

let loaded: Promise<typeof OidcProvider> | undefined;

/**
 * oidc-provider, loaded at the first call. It works on Node 20 and says at every start that it would rather have 22: that
 * one line is kept from the people who start a tenant.
 */
function loadOidcProvider(): Promise<typeof OidcProvider> {
  loaded ??= loadQuietly();
  return loaded;
}

async function loadQuietly(): Promise<typeof OidcProvider> {
  /* eslint-disable no-console -- Another's output: it is taken away here, and printed as ours is. */
  const { warn } = console;
  console.warn = (...values: unknown[]) => {
    const text = format(...values);
    if (!text.includes("oidc-provider WARNING: Unsupported runtime"))
      standardError.print(terminalBlock(text));
  };
  try {
    return await import("oidc-provider");
  } finally {
    console.warn = warn;
  }
}
