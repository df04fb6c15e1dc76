import type { PictureSettings } from "../../policy/settings.ts";
import type { Tenant } from "../../tenant/create-tenant.ts";
import { findIdentity } from "../../tenant/state/user.ts";
import { LoginError } from "../login/walk-login.ts";
import { createLoginLog, type FlowLog, type LoginLog } from "./login-log.ts";
import {
  createManagementClient,
  noSuchButton,
  PageError,
  userChange,
  type AccessToken,
  type ManagementClient,
} from "./management-client.ts";
import { overviewPage } from "./overview-page.ts";
import { createHeadlessLogin, createPageClient, type HeadlessLogin, type PageClient } from "./page-client.ts";
import { sameOriginOnly, sendError, type FormRequest, type PageContext } from "./page-context.ts";
import { sendPage } from "./page-shell.ts";
import { cardId, type ProviderSwitch } from "./user-card.ts";

interface PageOptions {
  readonly caFile: string;
  readonly accessToken: AccessToken;
  /** What the Actions that are deployed now were built with. */
  readonly settings: () => PictureSettings;
  /** The local S3 server's: the only place that pictures are loaded from. */
  readonly pictureOrigin: string;
  /** The address of a picture that any user may set as their own. */
  readonly samplePicture: string;
  /** The stand-ins that the page can take down; without any it says nothing of them. */
  readonly providers?: ProviderSwitch;
  /** The tenant's flows: its `record` is the tenant's `onFlow`. */
  readonly flows: FlowLog;
}

/** The page's own application at the tenant. */
export interface PageApp {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Logins at the application; other logins there are added too. */
  readonly logins: LoginLog;
}

/**
 * Adds the page to the tenant's server: the users, their pictures before and after a login, and what brought it about. It
 * logs in like any application, through the tenant's public OpenID Connect endpoints, and changes users through its
 * Management API.
 */
export function registerPage(tenant: Tenant, options: PageOptions): PageApp {
  const { caFile, accessToken, settings, pictureOrigin, providers } = options;
  const { app, issuer, users } = tenant;
  const redirectUri = `${issuer}local/callback`;
  const { client_id: clientId } = tenant.clients.create({
    name: "Local page",
    app_type: "spa",
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token"],
    callbacks: [redirectUri],
  });
  const browser = createPageClient({ issuer, caFile, clientId, redirectUri });
  const headless = createHeadlessLogin({ domain: tenant.domain, caFile, clientId, redirectUri });
  const management = createManagementClient(tenant, { caFile, accessToken });
  for (const { close } of [browser, headless, management]) app.addHook("onClose", close);

  const logins = createLoginLog(users, settings);
  const context = { tenant, logins, pictureOrigin };
  addOverviewRoute(context, management, options);
  addLoginRoutes(context, browser, headless);
  addChangeRoute(context, management);
  if (providers !== undefined) addProvidersRoute(context, providers);
  return { clientId, redirectUri, logins };
}

/** GET /: everything there is to see. */
function addOverviewRoute(
  context: PageContext,
  management: ManagementClient,
  { settings, samplePicture, flows, providers }: PageOptions,
): void {
  const { tenant, logins, pictureOrigin } = context;
  tenant.app.get("/", async (_request, reply) => {
    try {
      const page = overviewPage({
        domain: tenant.domain,
        users: tenant.users.list(),
        actions: await management.boundActions(),
        flows: flows.latest(),
        logins,
        source: { origin: pictureOrigin, settings: settings(), providers },
        samplePicture,
      });
      return await sendPage(reply, page);
    } catch (error) {
      if (error instanceof PageError) return sendError(reply, context, 502, error.message);
      throw error;
    }
  });
}

/**
 * POST /local/login: a login in one click, without the tenant's login page. GET /local/login and /local/callback: a login
 * with the person's browser.
 */
function addLoginRoutes(context: PageContext, browser: PageClient, headless: HeadlessLogin): void {
  const { tenant, logins } = context;
  tenant.app.post<FormRequest>(
    "/local/login",
    { preHandler: sameOriginOnly(context) },
    async ({ body }, reply) => {
      const { user: userId = "", identity } = body ?? {};
      const user = tenant.users.get(userId);
      if (user === undefined) {
        return sendError(reply, context, 404, "The user no longer exists.");
      }
      if (identity !== undefined && findIdentity(user, identity) === undefined) {
        return sendError(reply, context, 404, "The user no longer has this identity.");
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

const statuses = { "unknown-change": 400, "management-api": 502 } as const;

/** POST /local/change: a button of a user's card. */
function addChangeRoute(context: PageContext, management: ManagementClient): void {
  context.tenant.app.post<FormRequest>(
    "/local/change",
    { preHandler: sameOriginOnly(context) },
    async ({ body }, reply) => {
      const { user: userId = "", change, picture } = body ?? {};
      try {
        await management.changeUser(userId, userChange(change, picture));
      } catch (error) {
        if (error instanceof PageError) return sendError(reply, context, statuses[error.code], error.message);
        throw error;
      }
      return reply.redirect(`/#${cardId(userId)}`, 303);
    },
  );
}

/** POST /local/providers: takes the stand-ins down, brings them up, or adds a user of Entra. */
function addProvidersRoute(context: PageContext, providers: ProviderSwitch): void {
  const { app, users } = context.tenant;
  app.post<FormRequest>(
    "/local/providers",
    { preHandler: sameOriginOnly(context) },
    async ({ body }, reply) => {
      const change = body?.["change"];
      if (change === "up" || change === "down") {
        providers.setDown(change === "down");
        return reply.redirect("/#providers", 303);
      }
      if (change !== "add-entra") return sendError(reply, context, 400, noSuchButton);
      const { user_id: userId } = users.create(await providers.entraUser());
      return reply.redirect(`/#${cardId(userId)}`, 303);
    },
  );
}
