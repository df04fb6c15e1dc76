import type { PictureSettings } from "../../policy/settings.ts";
import type { Tenant } from "../tenant/create-tenant.ts";
import { addChangeRoute } from "./change-route.ts";
import type { FlowLog } from "./flow-log.ts";
import { createHeadlessLogin } from "./headless-login.ts";
import { createLoginLog, type LoginLog } from "./login-log.ts";
import { addLoginRoutes } from "./login-routes.ts";
import { createManagementClient } from "./management-client.ts";
import { addOverviewRoute } from "./overview-route.ts";
import { createPageClient } from "./page-client.ts";

export interface PageOptions {
  readonly caFile: string;
  /** What the Actions that are deployed now were built with. */
  readonly settings: () => PictureSettings;
  /** The local S3 server's: the only place that pictures are loaded from. */
  readonly pictureOrigin: string;
  /** The address of a picture that any user may set as their own. */
  readonly samplePicture: string;
  /** The tenant's flows: its `record` is the tenant's `onFlow`. */
  readonly flows: FlowLog;
}

/** The page's own application at the tenant. */
export interface PageApp {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Logins at the application: whoever logs in there otherwise adds theirs. */
  readonly logins: LoginLog;
}

/**
 * Adds the page to the tenant's server: the users, their pictures before and after a login, and what brought it about. It
 * logs in like any application, through the tenant's public OpenID Connect endpoints, and changes users through its
 * Management API.
 */
export function registerPage(tenant: Tenant, options: PageOptions): PageApp {
  const { caFile, settings, pictureOrigin } = options;
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
  const management = createManagementClient(tenant, caFile);
  for (const { close } of [browser, headless, management]) app.addHook("onClose", close);

  const logins = createLoginLog(users, settings);
  const context = { tenant, logins, pictureOrigin };
  addOverviewRoute(context, management, options);
  addLoginRoutes(context, browser, headless);
  addChangeRoute(context, management);
  return { clientId, redirectUri, logins };
}
