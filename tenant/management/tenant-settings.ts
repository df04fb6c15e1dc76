import type { FastifyInstance } from "fastify";
import type { JsonObject } from "../../lib/json.ts";
import { changedTenantSettings } from "../state/tenant-settings.ts";
import type { TenantContext } from "../tenant-context.ts";
import { selectFields, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { tenantSettingsSchema } from "./tenant-settings-schema.ts";

/** GET and PATCH /api/v2/tenants/settings. */
export function registerTenantSettings(app: FastifyInstance, context: TenantContext): void {
  const { state } = context;

  app.get<{ Querystring: Query }>("/tenants/settings", needs("read:tenant_settings"), (request) =>
    selectFields({ ...state.settings, sandbox_versions_available: ["22", "18"] }, request.query),
  );

  app.patch<{ Body: JsonObject }>(
    "/tenants/settings",
    { ...needs("update:tenant_settings"), schema: { body: tenantSettingsSchema } },
    (request) => {
      state.settings = changedTenantSettings(state.settings, request.body);
      return state.settings;
    },
  );
}
