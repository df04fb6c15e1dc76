import type { FastifyInstance } from "fastify";
import type { TenantContext } from "../tenant-context.ts";
import { registerActionModules } from "./action-modules.ts";
import { registerActionTest } from "./action-test.ts";
import { registerActions, registerActionVersions } from "./actions.ts";
import { ManagementError, managementErrorBody } from "./answer.ts";
import { authorize } from "./authorize.ts";
import { registerBindings } from "./bindings.ts";
import { registerClientCredentials } from "./client-credentials.ts";
import { registerClientGrants } from "./client-grants.ts";
import { registerClients } from "./clients.ts";
import { registerConnectionDirectory } from "./connection-directory.ts";
import { registerConnectionKeys } from "./connection-keys.ts";
import { registerConnectionScim } from "./connection-scim.ts";
import { registerConnections } from "./connections.ts";
import { registerJobs } from "./jobs.ts";
import { registerLogs } from "./logs.ts";
import { registerResourceServers } from "./resource-servers.ts";
import { registerRoles, registerUserRoles } from "./roles.ts";
import { registerTenantSettings } from "./tenant-settings.ts";
import { registerTriggers } from "./triggers.ts";
import { registerUserAccess } from "./user-access.ts";
import { registerUserIdentities } from "./user-identities.ts";
import { registerUsers } from "./users.ts";

/** The Management API v2 as a Fastify plugin, to be registered under `/api/v2`. */
export function managementApi(context: TenantContext) {
  return (app: FastifyInstance, _options: object, done: () => void): void => {
    app.decorateRequest("grantedScopes");
    app.addHook("onRequest", authorize(context));
    app.setErrorHandler((error, request, reply) => {
      const refusal = asManagementError(error);
      if (refusal.statusCode >= 500) {
        context.log(`${request.method} ${request.routeOptions.url ?? "?"} failed: ${String(error)}`);
      }
      const isActions = request.routeOptions.url?.startsWith("/api/v2/actions/") === true;
      const { errorCode, ...body } = managementErrorBody(refusal);
      // The Actions family has no errorCode, except where the token was refused before its routes.
      const code = isActions && refusal.statusCode !== 403 ? undefined : errorCode;
      return reply
        .code(refusal.statusCode)
        .send({ ...body, ...(code === undefined ? {} : { errorCode: code }) });
    });
    registerActions(app, context);
    registerActionVersions(app, context);
    registerActionTest(app, context);
    registerActionModules(app, context);
    registerTriggers(app);
    registerBindings(app, context);
    registerClients(app, context);
    registerClientCredentials(app, context);
    registerClientGrants(app, context);
    registerResourceServers(app, context);
    registerConnections(app, context);
    registerConnectionDirectory(app, context);
    registerConnectionKeys(app, context);
    registerConnectionScim(app, context);
    registerUsers(app, context);
    registerUserRoles(app, context);
    registerUserAccess(app, context);
    registerUserIdentities(app, context);
    registerRoles(app, context);
    registerTenantSettings(app, context);
    registerJobs(app, context);
    registerLogs(app, context);
    done();
  };
}

function asManagementError(error: unknown): ManagementError {
  if (error instanceof ManagementError) return error;
  const statusCode = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (statusCode >= 500) return new ManagementError(500, "Internal error of the local tenant.");
  return new ManagementError(
    statusCode,
    String(error instanceof Error ? error.message : error),
    "invalid_body",
  );
}
