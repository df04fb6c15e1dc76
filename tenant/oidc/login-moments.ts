import type { KoaContextWithOIDC } from "oidc-provider";
import { without } from "../../lib/json.ts";
import { authenticationMethod, type LoginMoment, type LoginTransaction } from "../../sandbox/login-event.ts";
import { connectionOf } from "../management/users.ts";
import type { ClientRecord } from "../state/client.ts";
import { findIdentity, identityId, type Identity, type UserProfile, type UserRecord } from "../state/user.ts";
import type { TenantContext } from "../tenant-context.ts";
import type { LoginChoice } from "./login-choice.ts";

/** Parameters of a token request that no Action gets to see. */
const secretParameters = [
  "client_secret",
  "client_assertion",
  "refresh_token",
  "code",
  "code_verifier",
  "password",
] as const;

/** What a request to /authorize is for the Actions. */
export function authorizationMoment(
  context: TenantContext,
  ctx: KoaContextWithOIDC,
  user: UserRecord,
  client: ClientRecord,
): LoginMoment<UserProfile> {
  const { session } = ctx.oidc;
  const connection = connectionAt(context, user.profile, session?.amr);
  const audience = parameter(ctx, "audience");
  return {
    tenantId: context.tenantId,
    profile: user.profile,
    roles: roleNames(context, user),
    connection,
    client,
    request: { ...requestOf(ctx), query: shownParameters(ctx), body: {} },
    authentication: {
      method: authenticationMethod(connection?.strategy),
      at: new Date((session?.loginTs ?? Math.floor(Date.now() / 1000)) * 1000),
    },
    ...(session?.uid === undefined ? {} : { sessionId: session.uid }),
    ...(audience === undefined ? {} : { audience }),
    transaction: loginTransaction(ctx),
  };
}

/**
 * What a refresh-token exchange is for the Actions.
 *
 * @param amr The refresh token's, which is that of the login that it began with.
 */
export function refreshMoment(
  context: TenantContext,
  ctx: KoaContextWithOIDC,
  user: UserRecord,
  client: ClientRecord,
  amr: readonly string[] | undefined,
): LoginMoment<UserProfile> {
  return {
    tenantId: context.tenantId,
    profile: user.profile,
    roles: roleNames(context, user),
    connection: connectionAt(context, user.profile, amr),
    client,
    request: { ...requestOf(ctx), query: {}, body: without({ ...ctx.oidc.body }, ...secretParameters) },
    transaction: { protocol: "oauth2-refresh-token" },
  };
}

/** What a request by the password grant is for the Actions. */
export function passwordMoment(
  context: TenantContext,
  ctx: KoaContextWithOIDC,
  { user, identity }: LoginChoice,
  client: ClientRecord,
): LoginMoment<UserProfile> {
  const audience = parameter(ctx, "audience");
  return {
    tenantId: context.tenantId,
    profile: user.profile,
    roles: roleNames(context, user),
    connection: connectionAt(context, user.profile, rememberedIdentity(identity)),
    client,
    request: { ...requestOf(ctx), query: {}, body: without({ ...ctx.oidc.body }, ...secretParameters) },
    authentication: { method: "pwd", at: new Date() },
    ...(audience === undefined ? {} : { audience }),
    transaction: { protocol: "oauth2-password", requestedScopes: words(parameter(ctx, "scope")) },
  };
}

/**
 * The login's `amr`, by which it remembers the identity: oidc-provider keeps it in the session and hands it on to codes and
 * refresh tokens. No token shows it, since no scope gives that claim.
 */
export function rememberedIdentity(identity: Identity): string[] {
  return [identityId(identity)];
}

/** The connection that a login or refresh is by; the primary identity's where the one remembered was unlinked since. */
function connectionAt(
  context: TenantContext,
  profile: UserProfile,
  amr: readonly string[] | undefined,
): LoginMoment["connection"] {
  const identity = findIdentity(profile, amr?.[0]) ?? profile.identities[0];
  if (identity === undefined) return undefined;
  // A connection that was deleted is still known by name.
  return connectionOf(context, identity) ?? { name: identity.connection, strategy: identity.provider };
}

function roleNames({ state }: TenantContext, { roles = [] }: UserRecord): string[] {
  return roles.flatMap((id) => state.roles.get(id)?.name ?? []);
}

function loginTransaction(ctx: KoaContextWithOIDC): LoginTransaction {
  const redirectUri = parameter(ctx, "redirect_uri");
  const state = parameter(ctx, "state");
  const loginHint = parameter(ctx, "login_hint");
  return {
    protocol: "oidc-basic-profile",
    requestedScopes: words(parameter(ctx, "scope")),
    prompt: askedPrompts(ctx),
    acrValues: words(parameter(ctx, "acr_values")),
    uiLocales: words(parameter(ctx, "ui_locales")),
    ...(redirectUri === undefined ? {} : { redirectUri }),
    ...(state === undefined ? {} : { state }),
    ...(loginHint === undefined ? {} : { loginHint }),
  };
}

function requestOf(ctx: KoaContextWithOIDC): Omit<LoginMoment["request"], "query" | "body"> {
  const language = ctx.get("accept-language");
  const userAgent = ctx.get("user-agent");
  return {
    ip: ctx.ip,
    method: ctx.method,
    hostname: ctx.host,
    ...(language === "" ? {} : { language }),
    ...(userAgent === "" ? {} : { userAgent }),
  };
}

/** After the login page the parameters of the first request count, not those of the return; and none of our own. */
function shownParameters(ctx: KoaContextWithOIDC): Record<string, unknown> {
  const { prompt: _prompt, resource: _resource, ...parameters } = ctx.oidc.params ?? {};
  const prompt = askedPrompts(ctx).join(" ");
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ...(prompt === "" ? {} : { prompt }) };
}

/** Without `consent`, which this tenant adds to be allowed to give refresh tokens. */
function askedPrompts(ctx: KoaContextWithOIDC): string[] {
  return words(parameter(ctx, "prompt")).filter((prompt) => prompt !== "consent");
}

function parameter(ctx: KoaContextWithOIDC, name: string): string | undefined {
  const value = ctx.oidc.params?.[name];
  return typeof value === "string" ? value : undefined;
}

function words(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(" ").filter((word) => word !== "");
}
