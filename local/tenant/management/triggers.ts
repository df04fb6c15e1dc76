import type { FastifyInstance } from "fastify";
import { needs } from "./authorize.ts";
import type { Query } from "./paging.ts";
import { actionsEnvelope, paged } from "./paging.ts";

/** Triggers and their current version. Only `post-login` ever runs here; Actions of the others are merely kept. */
export const knownTriggers: ReadonlyMap<string, string> = new Map([
  ["post-login", "v3"],
  ["credentials-exchange", "v2"],
  ["pre-user-registration", "v2"],
  ["post-user-registration", "v2"],
  ["post-change-password", "v2"],
  ["send-phone-message", "v2"],
  ["password-reset-post-challenge", "v1"],
  ["custom-token-exchange", "v1"],
  ["password-hash-migration", "v1"],
  ["event-stream", "v1"],
]);

/**
 * GET /api/v2/actions/triggers; the fields are documented, an answer was not observed. And GET /api/v2/actions/modules,
 * code shared by Actions, of which this tenant never has any.
 */
export function registerTriggers(app: FastifyInstance): void {
  app.get("/actions/triggers", needs("read:actions"), () => ({
    triggers: [...knownTriggers].map(([id, version]) => ({
      id,
      version,
      status: "CURRENT",
      runtimes: ["node18-actions", "node22"],
      default_runtime: "node22",
      compatible_triggers: [],
      binding_policy: "trigger-bound",
    })),
  }));

  app.get<{ Querystring: Query }>("/actions/modules", needs("read:actions"), (request) =>
    actionsEnvelope("modules", paged([], request.query)),
  );
}
