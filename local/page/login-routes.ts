import { LoginError } from "../login/login-error.ts";
import { findIdentity } from "../tenant/state/identities.ts";
import { cardId } from "./user-card.ts";
import type { HeadlessLogin } from "./headless-login.ts";
import type { PageClient } from "./page-client.ts";
import type { FormRequest, PageContext } from "./page-context.ts";
import { sameOriginOnly, sendError } from "./page-context.ts";

/**
 * POST /local/login: a login in one click, without the tenant's login page. GET /local/login and /local/callback: a login
 * with the person's browser.
 */
export function addLoginRoutes(context: PageContext, browser: PageClient, headless: HeadlessLogin): void {
  const { tenant, logins } = context;
  tenant.app.post<FormRequest>(
    "/local/login",
    { preHandler: sameOriginOnly(context) },
    async ({ body }, reply) => {
      const { user: userId = "", identity } = body ?? {};
      const user = tenant.users.get(userId);
      if (user === undefined) {
        return sendError(reply, context, 404, "There is no such user any more.");
      }
      if (identity !== undefined && findIdentity(user, identity) === undefined) {
        return sendError(reply, context, 404, "The user has no such identity any more.");
      }
      try {
        logins.finish(await headless.logIn(userId, identity));
      } catch (error) {
        if (!(error instanceof LoginError)) throw error;
        logins.refuse(userId, error.message);
      }
      return reply.redirect(`/#${cardId(userId)}`, 303);
    },
  );

  tenant.app.get<{ Querystring: { user?: string } }>("/local/login", async ({ query }, reply) =>
    reply.redirect(await browser.begin(query.user ?? "")),
  );

  tenant.app.get("/local/callback", async (request, reply) => {
    const finished = await browser.finish(new URL(request.url, tenant.issuer));
    if ("refusal" in finished) return sendError(reply, context, 400, finished.refusal);
    logins.finish(finished.claims);
    return reply.redirect(`/#${cardId(String(finished.claims["sub"]))}`, 303);
  });
}
