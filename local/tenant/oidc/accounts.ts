import type { Account, KoaContextWithOIDC, errors } from "oidc-provider";
import type { ClientRecord } from "../state/client-record.ts";
import type { UserRecord } from "../state/user-record.ts";
import type { TenantContext } from "../tenant-context.ts";
import { customClaims } from "./custom-claims.ts";
import { authorizationMoment, refreshMoment } from "./login-moments.ts";
import type { LoginResults } from "./login-results.ts";
import type { PostLoginFlow } from "./post-login-flow.ts";
import { allowedClaims } from "./restricted-claims.ts";
import { rootClaims } from "./root-claims.ts";

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
