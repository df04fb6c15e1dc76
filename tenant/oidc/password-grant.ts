import type { Account, KoaContextWithOIDC, Provider, TokenEndpointGrantContext } from "oidc-provider";
import type { TenantContext } from "../tenant-context.ts";
import type { Accounts, Refuse } from "./accounts.ts";
import { grantAudience, resourceServerOf } from "./audience.ts";
import { choiceByPassword, type LoginChoice } from "./login-choice.ts";
import { rememberedIdentity } from "./login-moments.ts";

const realmGrant = "http://auth0.com/oauth/grant-type/password-realm";

/** Both are grants of their own: an application that may use the one may not use the other. */
const grantTypes = ["password", realmGrant] as const;

/** Whether an application's grant type is one of those by which users log in with a password and without a browser. */
export function isPasswordGrant(type: string): boolean {
  return (grantTypes as readonly string[]).includes(type);
}

type PasswordContext = TokenEndpointGrantContext<
  Partial<Record<"username" | "password" | "realm" | "audience" | "scope", string>>
>;

/**
 * The password grants of /oauth/token: with a `realm`, the name of a database, or with the tenant's `default_directory`.
 * The post-login flow runs as in every login. Without a `scope` the token has all those of the API, as documented.
 */
export function registerPasswordGrants(
  provider: Provider,
  context: TenantContext,
  accounts: Accounts,
  refuse: Refuse,
): void {
  const handler = async (ctx: PasswordContext): Promise<void> => {
    const choice = chosenUser(context, refuse, ctx);
    const server = askedServer(context, refuse, ctx);
    const apiScopes = server && ctx.oidc.params.scope === undefined ? server.info.scope.split(" ") : [];
    const scopes = [...ctx.oidc.requestParamScopes, ...apiScopes];
    const grant = new provider.Grant({
      accountId: choice.user.profile.user_id,
      clientId: ctx.oidc.client.clientId,
    });
    grant.addOIDCScope([...ctx.oidc.requestParamOIDCScopes].join(" "));
    grantAudience(context, grant, server?.identifier, new Set(scopes));
    const grantId = await grant.save();
    const account = await accounts.logInByPassword(ctx, choice, grantId);
    ctx.oidc.entity("Grant", grant);
    ctx.oidc.entity("Account", account);
    const login = { account, grant, grantId, choice, scopes };
    const accessToken = accessTokenOf(provider, ctx, login, server);
    ctx.body = {
      access_token: await accessToken.save(),
      ...(await refreshTokenOf(provider, ctx, login, server?.identifier)),
      ...(await idTokenOf(provider, ctx, login)),
      ...(accessToken.scope === "" ? {} : { scope: accessToken.scope }),
      expires_in: accessToken.expiration,
      token_type: "Bearer",
    };
  };
  for (const type of grantTypes) {
    provider.registerGrantType(type, handler, ["username", "password", "realm", "audience", "scope"]);
  }
}

function chosenUser(context: TenantContext, refuse: Refuse, ctx: PasswordContext): LoginChoice {
  const { grant_type: type, username, password, realm } = ctx.oidc.params;
  const required = { username, password, ...(type === realmGrant ? { realm } : {}) };
  for (const [name, value] of Object.entries(required)) {
    if (value === undefined || value === "") {
      throw refuse(400, "invalid_request", `Missing required parameter: ${name}`);
    }
  }
  const connection = databaseOf(context, refuse, type === realmGrant ? realm : undefined);
  const asked = { clientId: ctx.oidc.client.clientId, connection };
  const choice = choiceByPassword(context, asked, username ?? "", password ?? "");
  if (!choice) throw refuse(403, "invalid_grant", "Wrong email or password.");
  return choice;
}

/** @param realm Left out: the tenant's default. */
function databaseOf({ state }: TenantContext, refuse: Refuse, realm: string | undefined): string {
  const name = realm ?? state.settings["default_directory"];
  if (typeof name !== "string" || name === "") {
    throw refuse(500, "server_error", "Authorization server not configured with default connection.");
  }
  const databases = [...state.connections.values()].filter(({ strategy }) => strategy === "auth0");
  if (databases.some((connection) => connection.name === name)) return name;
  throw refuse(403, "invalid_request", "invalid connection specified for password grant");
}

interface AskedServer {
  identifier: string;
  info: ReturnType<typeof resourceServerOf>;
}

function askedServer(context: TenantContext, refuse: Refuse, ctx: PasswordContext): AskedServer | undefined {
  const { audience } = ctx.oidc.params;
  if (audience === undefined || audience === `${context.issuer}userinfo`) return undefined;
  return { identifier: audience, info: resourceServerOf(context, refuse, audience) };
}

interface PasswordLogin {
  account: Account;
  grant: InstanceType<Provider["Grant"]>;
  grantId: string;
  choice: LoginChoice;
  /** Asked for. */
  scopes: string[];
}

function accessTokenOf(
  provider: Provider,
  ctx: PasswordContext,
  { account, grant, grantId, scopes }: PasswordLogin,
  server: AskedServer | undefined,
): InstanceType<Provider["AccessToken"]> {
  const { accountId } = account;
  const token = new provider.AccessToken({ accountId, client: ctx.oidc.client, grantId, gty: "password" });
  if (server) {
    token.resourceServer = new provider.ResourceServer(server.identifier, server.info);
    token.scope = grant.getResourceScopeFiltered(server.identifier, scopes);
  } else {
    token.scope = grant.getOIDCScopeFiltered(scopes);
  }
  ctx.oidc.entity("AccessToken", token);
  return token;
}

async function refreshTokenOf(
  provider: Provider,
  ctx: PasswordContext,
  { account, choice, grantId, scopes }: PasswordLogin,
  resource: string | undefined,
): Promise<{ refresh_token?: string }> {
  const { client } = ctx.oidc;
  if (!scopes.includes("offline_access") || !client.grantTypeAllowed("refresh_token")) return {};
  const token = new provider.RefreshToken({
    accountId: account.accountId,
    // By which a refresh knows the identity again.
    amr: rememberedIdentity(choice.identity),
    client,
    grantId,
    gty: "password",
    resource,
    scope: scopes.join(" "),
  });
  ctx.oidc.entity("RefreshToken", token);
  return { refresh_token: await token.save() };
}

async function idTokenOf(
  provider: Provider,
  ctx: KoaContextWithOIDC,
  { account, grant, scopes }: PasswordLogin,
): Promise<{ id_token?: string }> {
  if (!scopes.includes("openid")) return {};
  const claims = await account.claims("id_token", scopes.join(" "), {}, []);
  const token = new provider.IdToken({ ...claims }, { ctx });
  // By which it chooses the claims; the library's types do not have it.
  Object.assign(token, { scope: grant.getOIDCScopeFiltered(scopes) });
  return { id_token: await token.issue({ use: "idtoken" }) };
}
