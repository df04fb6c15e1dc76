import type { FastifyInstance } from "fastify";
import { without } from "../../lib/json.ts";
import type { ConnectionRecord } from "../state/connection.ts";
import {
  addScimToken,
  changeScim,
  defaultScimMapping,
  newScim,
  type ScimInput,
  type ScimRecord,
} from "../state/connection-provisioning.ts";
import type { TenantContext } from "../tenant-context.ts";
import { ManagementError } from "./answer.ts";
import { needs } from "./authorize.ts";
import { closed, list, open, orNull, text, whole } from "./body-schema.ts";
import { findConnection } from "./connections.ts";

const scimFields = { user_id_attribute: text(), mapping: list(open({ auth0: text(), scim: text() })) };

const tokenSchema = closed({
  scopes: list(text(), { minItems: 1 }),
  token_lifetime: orNull(whole()),
});

/** As documented; that a database is none of them was observed. */
const scimStrategies = new Set(["oidc", "okta", "samlp", "waad"]);

interface IdParams {
  id: string;
}

/** /api/v2/connections/{id}/scim-configuration: settings and tokens. No user can be pushed here. */
export function registerConnectionScim(app: FastifyInstance, context: TenantContext): void {
  const { scimConfigurations } = context.state;
  const path = "/connections/:id/scim-configuration";

  app.get<{ Params: IdParams }>(path, needs("read:scim_config"), (request) => {
    const connection = findConnection(context, request.params.id);
    return view(connection, findScim(context, connection.id));
  });

  app.get<{ Params: IdParams }>(`${path}/default-mapping`, needs("read:scim_config"), (request) => {
    const { strategy } = checkedConnection(context, request.params.id);
    return { mapping: defaultScimMapping(strategy) };
  });

  app.post<{ Params: IdParams; Body: ScimInput | null }>(
    path,
    { ...needs("create:scim_config"), schema: { body: orNull(closed(scimFields)) } },
    (request, reply) => {
      const connection = checkedConnection(context, request.params.id);
      if (scimConfigurations.has(connection.id)) {
        // Neither the status nor the words are known.
        throw new ManagementError(409, "The SCIM configuration already exists.", "conflict");
      }
      const scim = newScim(connection.strategy, request.body ?? {});
      scimConfigurations.set(connection.id, scim);
      return reply.code(201).send(view(connection, scim));
    },
  );

  app.patch<{ Params: IdParams; Body: ScimInput }>(
    path,
    {
      ...needs("update:scim_config"),
      schema: { body: closed(scimFields, "user_id_attribute", "mapping") },
    },
    (request) => {
      const connection = findConnection(context, request.params.id);
      const scim = findScim(context, connection.id);
      changeScim(scim, request.body);
      return view(connection, scim);
    },
  );

  app.delete<{ Params: IdParams }>(path, needs("delete:scim_config"), (request, reply) => {
    findScim(context, request.params.id);
    scimConfigurations.delete(request.params.id);
    return reply.code(204).send();
  });

  registerTokens(app, context);
}

function registerTokens(app: FastifyInstance, context: TenantContext): void {
  const path = "/connections/:id/scim-configuration/tokens";

  app.get<{ Params: IdParams }>(path, needs("read:scim_token"), (request) =>
    findScim(context, request.params.id).tokens.map((token) => without(token, "hash")),
  );

  app.post<{ Params: IdParams; Body: { scopes?: string[]; token_lifetime?: number | null } }>(
    path,
    { ...needs("create:scim_token"), schema: { body: tokenSchema } },
    (request, reply) => {
      const { scopes = [], token_lifetime } = request.body;
      const scim = findScim(context, request.params.id);
      const { record, token } = addScimToken(scim, scopes, token_lifetime ?? undefined);
      return reply.code(201).send({ ...without(record, "hash"), token });
    },
  );

  app.delete<{ Params: IdParams & { tokenId: string } }>(
    `${path}/:tokenId`,
    needs("delete:scim_token"),
    (request, reply) => {
      const scim = findScim(context, request.params.id);
      scim.tokens = scim.tokens.filter(({ token_id }) => token_id !== request.params.tokenId);
      return reply.code(204).send();
    },
  );
}

/** The connection, or 404 in the words that were observed. */
function checkedConnection(context: TenantContext, id: string): ConnectionRecord {
  const connection = findConnection(context, id);
  if (scimStrategies.has(connection.strategy)) return connection;
  throw new ManagementError(
    404,
    "This connection type does not support SCIM. Please see our documentation for the currently supported connection types: https://auth0.com/docs/authenticate/protocols/scim/configure-inbound-scim.",
  );
}

function findScim(context: TenantContext, connectionId: string): ScimRecord {
  findConnection(context, connectionId);
  const scim = context.state.scimConfigurations.get(connectionId);
  if (!scim) throw new ManagementError(404, "Not Found");
  return scim;
}

function view({ id, name, strategy }: ConnectionRecord, scim: ScimRecord): object {
  const shown = without(scim, "tokens");
  return { tenant_name: "local", connection_id: id, connection_name: name, strategy, ...shown };
}
