import type { FastifyInstance } from "fastify";
import type { JsonObject } from "../../lib/json.ts";
import { changedTenantSettings } from "../state/tenant-state.ts";
import type { TenantContext } from "../tenant-context.ts";
import { selectFields, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";

// Documented fields whose type is plain; the rest is kept as it is sent.
const updateSchema = {
  type: "object",
  properties: {
    friendly_name: { type: ["string", "null"] },
    picture_url: { type: ["string", "null"] },
    support_email: { type: ["string", "null"] },
    support_url: { type: ["string", "null"] },
    default_directory: { type: ["string", "null"] },
    session_lifetime: { type: "number", minimum: 0 },
    idle_session_lifetime: { type: "number", minimum: 0 },
    enabled_locales: { type: "array", minItems: 1, items: { type: "string" } },
    flags: { type: "object" },
  },
} as const;

/** GET and PATCH /api/v2/tenants/settings. Documented, not observed. */
export function registerTenantSettings(app: FastifyInstance, context: TenantContext): void {
  const { state } = context;

  app.get<{ Querystring: Query }>("/tenants/settings", needs("read:tenant_settings"), (request) =>
    selectFields(state.settings, request.query),
  );

  app.patch<{ Body: JsonObject }>(
    "/tenants/settings",
    { ...needs("update:tenant_settings"), schema: { body: updateSchema } },
    (request) => {
      state.settings = changedTenantSettings(state.settings, request.body);
      return state.settings;
    },
  );
}
