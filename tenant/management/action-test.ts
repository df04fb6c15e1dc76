import type { FastifyInstance } from "fastify";
import { isJsonObject, type JsonObject } from "../../lib/json.ts";
import { secretValues } from "../oidc/post-login-flow.ts";
import type { TenantContext } from "../tenant-context.ts";
import { findAction } from "./actions.ts";
import { needs } from "./authorize.ts";
import { closed, open } from "./body-schema.ts";

/**
 * POST /api/v2/actions/actions/{id}/test: runs the draft on `payload.event`, bound or not, and changes nobody. That the answer's
 * `payload` has `error` with `name`, `message` and `stack` and has `stats` was observed; the rest of it is what the run would
 * have done.
 */
export function registerActionTest(app: FastifyInstance, context: TenantContext): void {
  app.post<{ Params: { id: string }; Body: { payload: JsonObject } }>(
    "/actions/actions/:id/test",
    { ...needs("create:actions"), schema: { body: closed({ payload: open() }, "payload") } },
    async (request) => {
      const { draft, id, name } = findAction(context, request.params.id);
      const { event } = request.body.payload;
      const actions = [{ id, name, code: draft.code, secrets: secretValues(draft.secrets) }];
      const startedAt = performance.now();
      const result = await context.sandbox.runFlow(actions, isJsonObject(event) ? event : {});
      const [run] = result.actions;
      return {
        payload: {
          id_token_claims: result.idTokenClaims,
          access_token_claims: result.accessTokenClaims,
          user_metadata: result.userMetadata,
          app_metadata: result.appMetadata,
          console: run?.console ?? [],
          ...(run?.error === undefined
            ? {}
            : { error: { name: "Error", message: run.error, stack: run.error } }),
          // An error ends a login too, but nobody denied it.
          ...(result.denied?.cause === "deny" ? { denied: result.denied.reason } : {}),
          stats: { action_duration_ms: Math.round(performance.now() - startedAt) },
        },
      };
    },
  );
}
