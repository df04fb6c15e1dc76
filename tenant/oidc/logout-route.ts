import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Provider } from "oidc-provider";
import { markup } from "../../lib/html.ts";
import { parseUrl } from "../../lib/url.ts";
import type { TenantContext } from "../tenant-context.ts";
import { tenantPage } from "./tenant-page.ts";

/** A parameter that is repeated is a list. */
type LogoutRequest = FastifyRequest<{ Querystring: Record<string, string | string[] | undefined> }>;

/**
 * GET /v2/logout, as documented: ends the browser's session and goes to `returnTo` where the application's list allows it,
 * or the tenant's list where no application is named. Left out, it goes to the first of the application's list. 400, on a
 * page, for any other address. Refresh tokens outlive it.
 */
export function registerLogout(app: FastifyInstance, context: TenantContext, provider: () => Provider): void {
  app.get("/v2/logout", { exposeHeadRoute: false }, async (request: LogoutRequest, reply) => {
    const clientId = [request.query["client_id"]].flat()[0];
    const returnTo = [request.query["returnTo"]].flat()[0];
    const allowed = allowedAddresses(context, clientId);
    const target = returnTo ?? (clientId === undefined ? undefined : allowed[0]);
    if (target !== undefined && !allowed.some((address) => isAllowed(target, address))) {
      const { html, headers } = refusedPage(target);
      return reply.code(400).headers(headers).send(html);
    }
    const { Session } = provider();
    const session = await Session.get(provider().createContext(request.raw, reply.raw));
    await session.destroy();
    return target === undefined ? reply.type("text/plain").send("OK") : reply.redirect(target, 302);
  });
}

function allowedAddresses({ state }: TenantContext, clientId: string | undefined): string[] {
  const listed =
    clientId === undefined
      ? state.settings["allowed_logout_urls"]
      : state.clients.get(clientId)?.allowed_logout_urls;
  return Array.isArray(listed)
    ? listed.filter((address): address is string => typeof address === "string")
    : [];
}

/** Queries and fragments do not count, as documented; `*.` stands for one subdomain. */
function isAllowed(target: string, address: string): boolean {
  const asked = parseUrl(target);
  const allowed = parseUrl(address);
  if (!asked || asked.protocol !== allowed?.protocol || asked.pathname !== allowed.pathname) {
    return false;
  }
  const host = allowed.host.startsWith("*.") ? asked.host.replace(/^[^.]+/, "*") : asked.host;
  return host === allowed.host;
}

function refusedPage(target: string) {
  return tenantPage(
    "Not logged out",
    markup`<p>The address <code>${target}</code> is not one of the Allowed Logout URLs.</p>
<p class="hint">With a client_id the application's list counts, without one the tenant's.</p>`,
  );
}
