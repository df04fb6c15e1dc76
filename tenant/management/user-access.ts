import type { FastifyInstance } from "fastify";
import type { TenantContext } from "../tenant-context.ts";
import { needs, needsAll } from "./authorize.ts";
import { findUser } from "./users.ts";

interface RevokeInput {
  session_id?: string;
  preserve_refresh_tokens?: boolean;
}

const revokeSchema = {
  type: ["object", "null"],
  additionalProperties: false,
  properties: {
    session_id: { type: "string", maxLength: 50 },
    preserve_refresh_tokens: { type: "boolean" },
  },
} as const;

/**
 * The routes that end a user's sessions and refresh tokens. Scopes and statuses are documented; Auth0 does it some time
 * after its 202, here it is done then. 404 is not documented for `revoke-access`: an unknown user has nothing to revoke.
 */
export function registerUserAccess(app: FastifyInstance, context: TenantContext): void {
  app.post<{ Params: { id: string }; Body: RevokeInput | null | undefined }>(
    "/users/:id/revoke-access",
    { ...needsAll("delete:sessions", "delete:refresh_tokens"), schema: { body: revokeSchema } },
    (request, reply) => {
      const { session_id: session, preserve_refresh_tokens: keepsTokens } = request.body ?? {};
      context.logins.revoke(
        request.params.id,
        ({ kind, sessionUid }) =>
          (session === undefined || session === sessionUid) && (kind === "Session" || keepsTokens !== true),
      );
      return reply.code(202).send();
    },
  );

  app.delete<{ Params: { id: string } }>(
    "/users/:id/sessions",
    needs("delete:sessions"),
    (request, reply) => {
      const { profile } = findUser(context, request.params.id);
      context.logins.revoke(profile.user_id, ({ kind }) => kind === "Session");
      return reply.code(202).send();
    },
  );

  app.delete<{ Params: { id: string } }>(
    "/users/:id/refresh-tokens",
    needs("delete:refresh_tokens"),
    (request, reply) => {
      const { profile } = findUser(context, request.params.id);
      context.logins.revoke(profile.user_id, ({ kind }) => kind === "RefreshToken");
      return reply.code(202).send();
    },
  );
}
