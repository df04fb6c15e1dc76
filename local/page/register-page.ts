import type { FastifyReply } from "fastify";
import type { PictureSettings } from "../../policy/settings.ts";
import { decide } from "../../policy/decide.ts";
import type { Tenant } from "../tenant/create-tenant.ts";
import { createPageClient, type PageClient } from "./page-client.ts";
import { errorPage, loginResultPage, usersPage } from "./pages.ts";

/** The page's own application at the tenant. */
export interface PageApp {
  readonly clientId: string;
  readonly redirectUri: string;
}

/**
 * Adds the page to the tenant's server: the users, and a login of each by the browser. It logs in like any
 * application, through the tenant's public OpenID Connect endpoints.
 */
export function registerPage(
  tenant: Tenant,
  { caFile, settings }: { caFile: string; settings: PictureSettings },
): PageApp {
  const redirectUri = `${tenant.issuer}local/callback`;
  const { client_id: clientId } = tenant.clients.create({
    name: "Local page",
    app_type: "spa",
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token"],
    callbacks: [redirectUri],
  });
  const client = createPageClient({ issuer: tenant.issuer, caFile, clientId, redirectUri });
  tenant.app.addHook("onClose", () => client.close());
  addRoutes(tenant, client, settings);
  return { clientId, redirectUri };
}

function addRoutes({ app, users, issuer }: Tenant, client: PageClient, settings: PictureSettings): void {
  app.get("/", (_request, reply) => sendHtml(reply, usersPage(users.list())));
  app.get<{ Querystring: { user?: string } }>("/local/login", async ({ query }, reply) =>
    reply.redirect(await client.begin(query.user ?? "")),
  );
  app.get("/local/callback", async (request, reply) => {
    const finished = await client.finish(new URL(request.url, issuer));
    if ("refusal" in finished) return sendHtml(reply.code(400), errorPage(finished.refusal));
    const user = users.get(String(finished.claims["sub"]));
    const strategy = user?.identities[0]?.provider;
    const { reason } = decide({ user, connection: { strategy } }, settings);
    return sendHtml(reply, loginResultPage({ claims: finished.claims, root: user?.picture, reason, issuer }));
  });
}

function sendHtml(reply: FastifyReply, html: string): FastifyReply {
  return reply.type("text/html; charset=utf-8").send(html);
}
