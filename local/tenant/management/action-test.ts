import type { FastifyInstance } from "fastify";
import { secretValues } from "../oidc/post-login-flow.ts";
import type { TenantContext } from "../tenant-context.ts";
import { findAction } from "./actions.ts";
import { needs } from "./authorize.ts";

const testSchema = {
  type: "object",
  required: ["payload"],
  additionalProperties: false,
  properties: { payload: { type: "object" } },
} as const;

/**
 * POST /api/v2/actions/actions/{id}/test: runs the draft on the event in `payload`, bound or not, and changes nobody. That
 * the answer has a `payload` is documented; what it holds was not observed, and is what the run would have done.
 */
export function registerActionTest(app: FastifyInstance, context: TenantContext): void {
  app.post<{ Params: { id: string }; Body: { payload: object } }>(
    "/actions/actions/:id/test",
    { ...needs("create:actions", "update:actions"), schema: { body: testSchema } },
    async (request) => {
      const { draft, id, name } = findAction(context, request.params.id);
      const secrets = secretValues(draft.secrets);
      const actions = [{ id, name, code: draft.code, secrets }];
      const result = await context.sandbox.runFlow(actions, request.body.payload);
      const [run] = result.actions;
      return {
        payload: {
          id_token_claims: result.idTokenClaims,
          access_token_claims: result.accessTokenClaims,
          user_metadata: result.userMetadata,
          app_metadata: result.appMetadata,
          console: run?.console ?? [],
          ...(run?.error === undefined ? {} : { error: run.error }),
          ...(result.denied === undefined ? {} : { denied: result.denied.reason }),
        },
      };
    },
  );
}
