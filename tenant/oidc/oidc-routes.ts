import { IncomingMessage, type ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Provider } from "oidc-provider";
import { isJsonObject } from "../../lib/json.ts";
import type { TenantContext } from "../tenant-context.ts";
import { clientCredentialsGrant, TokenError } from "../token/client-credentials-grant.ts";
import { registerLogin } from "./login-routes.ts";
import { registerLogout } from "./logout-route.ts";

/** Paths that oidc-provider answers by itself; /oauth/token is shared with the client-credentials grant. */
const providerRoutes = [
  { method: "GET", url: "/.well-known/openid-configuration" },
  { method: "GET", url: "/.well-known/jwks.json" },
  { method: "OPTIONS", url: "/.well-known/openid-configuration" },
  { method: "OPTIONS", url: "/.well-known/jwks.json" },
  { method: "GET", url: "/authorize/:uid" },
  { method: "GET", url: "/userinfo" },
  { method: "OPTIONS", url: "/userinfo" },
  { method: "OPTIONS", url: "/oauth/token" },
  { method: "OPTIONS", url: "/oauth/revoke" },
  { method: "GET", url: "/oidc/logout" },
  { method: "GET", url: "/oidc/logout/success" },
] as const;

/** Forms that are read before oidc-provider gets them. */
const providerForms = ["/userinfo", "/oauth/revoke", "/oidc/logout", "/oidc/logout/confirm"];

/** OpenID Connect and the token endpoint. `provider` is asked for once requests come. */
export function registerOidc(app: FastifyInstance, context: TenantContext, provider: () => Provider): void {
  const answer = (reply: FastifyReply, raw: IncomingMessage): FastifyReply => {
    reply.hijack();
    handle(provider(), raw, reply.raw);
    return reply;
  };
  for (const { method, url } of providerRoutes) {
    app.route({
      method,
      url,
      exposeHeadRoute: false,
      handler: (request, reply) => answer(reply, request.raw),
    });
  }
  for (const url of providerForms) {
    app.post(url, (request, reply) => answer(reply, replayAsForm(request.raw, formOf(request.body))));
  }
  app.get("/authorize", { exposeHeadRoute: false }, (request, reply) => {
    request.raw.url = withConsent(request.raw.url ?? "/authorize");
    return answer(reply, request.raw);
  });
  app.post("/oauth/token", async (request, reply) => {
    const form = formOf(request.body);
    if (form["grant_type"] !== "client_credentials") {
      return answer(reply, replayAsForm(request.raw, form));
    }
    void reply.header("cache-control", "no-store");
    try {
      return await clientCredentialsGrant(context, form, request.headers.authorization);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      return reply.code(error.statusCode).send({ error: error.error, error_description: error.message });
    }
  });
  registerLogin(app, context, provider);
  registerLogout(app, context, provider);
}

function handle(provider: Provider, request: IncomingMessage, response: ServerResponse): void {
  void provider.callback()(request, response);
}

function formOf(body: unknown): Record<string, string | undefined> {
  if (!isJsonObject(body)) return {};
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === "string" ? value : undefined]),
  );
}

/**
 * oidc-provider drops `offline_access` unless consent is asked for; Auth0 gives a first-party application its refresh
 * token without. So consent is requested, although this tenant never shows it.
 */
function withConsent(url: string): string {
  const [path = "", query = ""] = url.split("?");
  const parameters = new URLSearchParams(query);
  const prompts = (parameters.get("prompt") ?? "").split(" ").filter((prompt) => prompt !== "");
  const wantsOffline = (parameters.get("scope") ?? "").split(" ").includes("offline_access");
  if (!wantsOffline || prompts.includes("none") || prompts.includes("consent")) return url;
  parameters.set("prompt", [...prompts, "consent"].join(" "));
  return `${path}?${parameters.toString()}`;
}

/**
 * The request once more, with `fields` as its form: a handler that reads its body after the router has read it finds a
 * fresh one. JSON bodies thus become forms, which oidc-provider wants and Auth0 does not insist on.
 */
function replayAsForm(request: IncomingMessage, fields: Record<string, string | undefined>): IncomingMessage {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const body = Buffer.from(new URLSearchParams(given).toString());
  const replay = new IncomingMessage(request.socket);
  replay.method = request.method ?? "POST";
  replay.url = request.url ?? "/";
  replay.httpVersion = request.httpVersion;
  replay.headers = {
    ...request.headers,
    "content-type": "application/x-www-form-urlencoded",
    "content-length": String(body.length),
  };
  // Otherwise its end would count as an abort and close the connection.
  replay.complete = true;
  replay.push(body);
  replay.push(null);
  return replay;
}
