import type { FastifyInstance } from "fastify";
import type { ConnectionRecord } from "../state/connection.ts";
import { firstKeys, rotatedKeys, type ConnectionKeyRecord } from "../state/connection-key.ts";
import type { TenantContext } from "../tenant-context.ts";
import { needs } from "./authorize.ts";
import { closed, oneOf, orNull } from "./body-schema.ts";
import { findConnection } from "./connections.ts";

const rotateSchema = orNull(
  closed({ signing_alg: oneOf("RS256", "RS384", "RS512", "PS256", "PS384", "ES256", "ES384") }),
);

/**
 * /api/v2/connections/{id}/keys: with which a connection proves who it is to its provider. Recorded for one that does so by
 * `private_key_jwt`; that the others have none is a guess. All are RS256, whatever `signing_alg` says.
 */
export function registerConnectionKeys(app: FastifyInstance, context: TenantContext): void {
  const { connectionKeys } = context.state;

  app.get<{ Params: { id: string } }>(
    "/connections/:id/keys",
    needs("read:connections_keys"),
    async (request) => keysOf(context, findConnection(context, request.params.id)),
  );

  app.post<{ Params: { id: string } }>(
    "/connections/:id/keys/rotate",
    { ...needs("create:connections_keys", "update:connections_keys"), schema: { body: rotateSchema } },
    async (request, reply) => {
      const connection = findConnection(context, request.params.id);
      const rotated = await rotatedKeys(await keysOf(context, connection), connection.name);
      connectionKeys.set(connection.id, rotated);
      return reply.code(201).send(rotated.at(-1));
    },
  );
}

/** Made when they are first asked for: making them takes a moment, and few ask. */
async function keysOf(
  { state }: TenantContext,
  { id, name, options }: ConnectionRecord,
): Promise<ConnectionKeyRecord[]> {
  const known = state.connectionKeys.get(id);
  if (known) return known;
  if (options["token_endpoint_auth_method"] !== "private_key_jwt") return [];
  const keys = await firstKeys(name);
  state.connectionKeys.set(id, keys);
  return keys;
}
