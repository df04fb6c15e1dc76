import type { KoaContextWithOIDC } from "oidc-provider";
import { connectionOf } from "../management/users.ts";
import type { ClientRecord } from "../state/client-record.ts";
import { without } from "../state/json.ts";
import type { UserProfile, UserRecord } from "../state/user-record.ts";
import type { TenantContext } from "../tenant-context.ts";
import type { LoginMoment, LoginTransaction } from "../../../sandbox/login-event.ts";

/** Parameters of a token request that no Action gets to see. */
const secretParameters = [
  "client_secret",
  "client_assertion",
  "refresh_token",
  "code",
  "code_verifier",
] as const;

/** What a request to /authorize is for the Actions. */
export function authorizationMoment(
  context: TenantContext,
  ctx: KoaContextWithOIDC,
  user: UserRecord,
  client: ClientRecord,
): LoginMoment<UserProfile> {
  const { session } = ctx.oidc;
  const connection = connectionOf(context, user.profile);
  const audience = parameter(ctx, "audience");
  return {
    tenantId: context.tenantId,
    profile: user.profile,
    roles: roleNames(context, user),
    connection,
    client,
    request: { ...requestOf(ctx), query: shownParameters(ctx), body: {} },
    authentication: {
      method: connection?.strategy === "auth0" ? "pwd" : "federated",
      at: new Date((session?.loginTs ?? Math.floor(Date.now() / 1000)) * 1000),
    },
    ...(session?.uid === undefined ? {} : { sessionId: session.uid }),
    ...(audience === undefined ? {} : { audience }),
    transaction: loginTransaction(ctx),
  };
}

/** What a refresh-token exchange is for the Actions. */
export function refreshMoment(
  context: TenantContext,
  ctx: KoaContextWithOIDC,
  user: UserRecord,
  client: ClientRecord,
): LoginMoment<UserProfile> {
  return {
    tenantId: context.tenantId,
    profile: user.profile,
    roles: roleNames(context, user),
    connection: connectionOf(context, user.profile),
    client,
    request: { ...requestOf(ctx), query: {}, body: without({ ...ctx.oidc.body }, ...secretParameters) },
    transaction: { protocol: "oauth2-refresh-token" },
  };
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
