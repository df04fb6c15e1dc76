import type { Account, errors, KoaContextWithOIDC, Provider } from "oidc-provider";
import type { FlowResult } from "../../sandbox/flow.ts";
import type { ClientRecord } from "../state/client.ts";
import type { UserProfile, UserRecord } from "../state/user.ts";
import type { TenantContext } from "../tenant-context.ts";
import type { LoginChoice } from "./login-choice.ts";
import { authorizationMoment, passwordMoment, refreshMoment } from "./login-moments.ts";
import type { PostLoginFlow } from "./post-login-flow.ts";

/** A token, code or grant that a claim is asked for by. */
interface TokenLike {
  kind?: string;
  grantId?: string | undefined;
  amr?: string[] | undefined;
}

/** Makes an error of oidc-provider's: it tells them by their class. */
export type Refuse = (status: number, error: string, description: string) => errors.OIDCProviderError;

export interface Accounts {
  find: (ctx: KoaContextWithOIDC, sub: string, token?: TokenLike) => Promise<Account | undefined>;
  /** Runs the Actions for a login that nothing else stands in the way of; throws where it ends there. */
  logIn: (ctx: KoaContextWithOIDC, grantId: string) => Promise<void>;
  /** The same for a login by the password grant; gives the account, with the claims that the Actions set. */
  logInByPassword: (ctx: KoaContextWithOIDC, choice: LoginChoice, grantId: string) => Promise<Account>;
  /** What Actions set for access tokens that are JWTs. */
  accessTokenClaims: (token: TokenLike) => Record<string, unknown>;
}

/** The tenant's users as oidc-provider's accounts, with the post-login flow where Auth0 has it: at logins and refreshes. */
export function createAccounts(
  context: TenantContext,
  runFlow: PostLoginFlow,
  results: LoginResults,
  refuse: Refuse,
): Accounts {
  const flowResult = async (
    moment: Parameters<PostLoginFlow>[0],
    grantId: string,
    deniedStatus: number,
  ): Promise<void> => {
    const result = await runFlow(moment);
    if (result.denied) throw refuse(deniedStatus, result.denied.code, result.denied.reason);
    results.set(grantId, result);
  };
  const refuseBlocked = ({ profile }: UserRecord, status: number): void => {
    if (profile.blocked === true) throw refuse(status, "unauthorized", "user is blocked");
  };

  return {
    find: async (ctx, sub, token) => {
      const user = context.state.users.get(sub);
      if (!user) return undefined;
      if (token?.kind === "RefreshToken" && token.grantId !== undefined) {
        // The status of a refused refresh is not documented.
        refuseBlocked(user, 403);
        const moment = refreshMoment(context, ctx, user, clientOf(context, ctx), token.amr);
        await flowResult(moment, token.grantId, 403);
      }
      return account(user, results.get(token?.grantId)?.idTokenClaims ?? {});
    },
    logIn: async (ctx, grantId) => {
      const user = context.state.users.get(ctx.oidc.account?.accountId ?? "");
      if (!user) throw refuse(400, "access_denied", "The user no longer exists.");
      refuseBlocked(user, 400);
      countLogin(user, ctx.ip);
      await flowResult(authorizationMoment(context, ctx, user, clientOf(context, ctx)), grantId, 400);
    },
    logInByPassword: async (ctx, choice, grantId) => {
      const { user } = choice;
      // The statuses of a blocked user and of a denied login are not documented for this grant.
      refuseBlocked(user, 403);
      countLogin(user, ctx.ip);
      await flowResult(passwordMoment(context, ctx, choice, clientOf(context, ctx)), grantId, 403);
      return account(user, results.get(grantId)?.idTokenClaims ?? {});
    },
    accessTokenClaims: (token) => allowedClaims(results.get(token.grantId)?.accessTokenClaims ?? {}),
  };
}

function account({ profile }: UserRecord, setByActions: Record<string, unknown>): Account {
  const custom = { [customClaims]: allowedClaims(setByActions) };
  return {
    accountId: profile.user_id,
    claims: () => ({ ...rootClaims(profile), ...custom, sub: profile.user_id }),
  };
}

function clientOf(context: TenantContext, ctx: KoaContextWithOIDC): ClientRecord {
  const client = context.state.clients.get(ctx.oidc.client?.clientId ?? "");
  if (client) return client;
  throw new Error("A login without an application of the tenant.");
}

function countLogin({ profile }: UserRecord, ip: string): void {
  profile.logins_count = (profile.logins_count ?? 0) + 1;
  profile.last_login = new Date().toISOString();
  profile.last_ip = ip;
}

/** What a flow put into the tokens of one login. */
type LoginClaims = Pick<FlowResult, "idTokenClaims" | "accessTokenClaims">;

/** The latest flow's claims of each login, by the id of its grant, as long as the grant lives. */
interface LoginResults {
  get: (grantId: string | undefined) => LoginClaims | undefined;
  set: (grantId: string, result: LoginClaims) => void;
}

const sweepEvery = 5000;

export function createLoginResults(lifetimeSeconds: number): LoginResults {
  // In order of their end: a result that is set again goes to the end.
  const results = new Map<string, { claims: LoginClaims; expiresAt: number }>();
  let added = 0;
  return {
    get: (grantId) => (grantId === undefined ? undefined : results.get(grantId)?.claims),
    set: (grantId, { idTokenClaims, accessTokenClaims }) => {
      results.delete(grantId);
      results.set(grantId, {
        claims: { idTokenClaims, accessTokenClaims },
        expiresAt: Date.now() + lifetimeSeconds * 1000,
      });
      added += 1;
      if (added % sweepEvery !== 0) return;
      for (const [id, { expiresAt }] of results) {
        if (expiresAt > Date.now()) break;
        results.delete(id);
      }
    },
  };
}

/** Under this key an account's claims carry those that Actions set. */
const customClaims = Symbol("claims set by Actions");

interface ClaimsPrototype {
  available: Record<PropertyKey, unknown>;
  result: () => Promise<Record<string, unknown>>;
}

/**
 * Lets claims of any name into the ID tokens and /userinfo answers of this one provider. oidc-provider itself only passes
 * names that were listed when it was made and that a scope asked for; an Action may make up any, whatever the scope, and
 * its value replaces a root claim's.
 */
export function allowCustomClaims(provider: Provider): void {
  const prototype = provider.Claims.prototype as unknown as ClaimsPrototype;
  const { result } = prototype;
  prototype.result = async function withCustomClaims() {
    const custom = this.available[customClaims];
    return { ...(await result.call(this)), ...(custom as Record<string, unknown> | undefined) };
  };
}

/**
 * Names that Auth0 does not let Actions set: https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims.
 * Such a claim is left out of the tokens without an error. Profile claims like `picture` are not among them.
 */
const restricted = new Set(
  (
    "acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest " +
    "entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce " +
    "object_id org_id org_name orig origid permissions roles rph s_hash sid sip_callid sip_cseq_num sip_date " +
    "sip_from_tag sip_via_branch sub sub_jwk toe txn typ uuid vot vtm x5t#S256"
  ).split(" "),
);

/** The claims that make it into a token. */
function allowedClaims(claims: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(claims).filter(([name, value]) => !restricted.has(name) && value !== undefined),
  );
}

/** Which root claims each scope gives, as Auth0 has it. */
export const scopeClaims: Record<string, string[]> = {
  openid: ["sub"],
  profile: ["name", "given_name", "family_name", "middle_name", "nickname", "picture", "updated_at"],
  email: ["email", "email_verified"],
  phone: ["phone_number", "phone_number_verified"],
};

/** The user's root attributes as claims; the scopes that were granted decide which of them a token gets. */
function rootClaims(profile: UserProfile): Record<string, unknown> {
  const names = Object.values(scopeClaims).flat();
  const claims = Object.fromEntries(
    names.filter((name) => profile[name] !== undefined).map((name) => [name, profile[name]]),
  );
  const phoneVerified = profile["phone_verified"];
  return phoneVerified === undefined ? claims : { ...claims, phone_number_verified: phoneVerified };
}
