import type { FastifyInstance } from "fastify";
import { isJsonObject, without, type JsonObject, type JsonValue } from "../../lib/json.ts";
import {
  changeConnection,
  newConnection,
  optionsProblem,
  type ConnectionRecord,
} from "../state/connection.ts";
import type { TenantContext } from "../tenant-context.ts";
import { listEnvelope, ManagementError, queryValue, selectFields, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { clientStatusesSchema, createConnectionSchema, updateConnectionSchema } from "./connection-schema.ts";

/** Fields that are returned with every selection by `fields`. */
const alwaysSelected = ["id", "is_domain_connection", "authentication", "connected_accounts"];

/** /api/v2/connections: where users come from. */
export function registerConnections(app: FastifyInstance, context: TenantContext): void {
  const { connections, connectionKeys, directories, scimConfigurations } = context.state;

  app.get<{ Querystring: Query }>("/connections", needs("read:connections"), (request) => {
    const { query, grantedScopes } = request;
    const strategies = [query["strategy"] ?? []].flat();
    const name = queryValue(query, "name");
    const found = [...connections.values()]
      .filter((connection) => strategies.length === 0 || strategies.includes(connection.strategy))
      .filter((connection) => name === undefined || connection.name === name)
      .map((connection) => selectFields(view(connection, grantedScopes), query, alwaysSelected));
    return listEnvelope("connections", found, query);
  });

  app.post<{ Body: JsonObject & { name: string; strategy: string } }>(
    "/connections",
    { ...needs("create:connections"), schema: { body: createConnectionSchema } },
    (request, reply) => {
      if ([...connections.values()].some(({ name }) => name === request.body.name)) {
        throw new ManagementError(409, "A connection with the same name already exists", "conflict");
      }
      checkOptions(request.body["options"]);
      checkCrossAppAccess(request.body);
      const connection = newConnection(request.body, context.domain);
      connections.set(connection.id, connection);
      return reply.code(201).send(connection);
    },
  );

  app.get<{ Params: { id: string }; Querystring: Query }>(
    "/connections/:id",
    needs("read:connections"),
    (request) => {
      const connection = findConnection(context, request.params.id);
      return selectFields(singleView(connection, request.grantedScopes), request.query, alwaysSelected);
    },
  );

  app.patch<{ Params: { id: string }; Body: JsonObject }>(
    "/connections/:id",
    { ...needs("update:connections"), schema: { body: updateConnectionSchema } },
    (request) => {
      const connection = findConnection(context, request.params.id);
      checkOptionsScope(request.body, request.grantedScopes);
      checkOptions(request.body["options"], connection.options);
      changeConnection(connection, request.body, context.domain);
      return singleView(connection, request.grantedScopes);
    },
  );

  app.delete<{ Params: { id: string } }>(
    "/connections/:id",
    needs("delete:connections"),
    (request, reply) => {
      const { id } = request.params;
      // A repeated removal has nothing to say, as observed more often than not.
      if (!connections.delete(id)) return reply.code(204).send();
      for (const belonging of [connectionKeys, directories, scimConfigurations]) belonging.delete(id);
      return reply.code(202).send({ deleted_at: new Date().toISOString() });
    },
  );

  registerConnectionClients(app, context);
}

function registerConnectionClients(app: FastifyInstance, context: TenantContext): void {
  app.get<{ Params: { id: string } }>("/connections/:id/clients", needs("read:connections"), (request) => {
    const { enabled_clients } = findConnection(context, request.params.id);
    return { clients: enabled_clients.map((client_id) => ({ client_id })) };
  });

  app.patch<{ Params: { id: string }; Body: { client_id: string; status: boolean }[] }>(
    "/connections/:id/clients",
    { ...needs("update:connections"), schema: { body: clientStatusesSchema } },
    (request, reply) => {
      const connection = findConnection(context, request.params.id);
      const enabled = new Set(connection.enabled_clients);
      for (const { client_id, status } of request.body) {
        if (status) enabled.add(client_id);
        else enabled.delete(client_id);
      }
      connection.enabled_clients = [...enabled];
      return reply.code(204).send();
    },
  );
}

/** The connection, or 404 in the words that were observed. */
export function findConnection(context: TenantContext, id: string): ConnectionRecord {
  const connection = context.state.connections.get(id);
  if (!connection) throw new ManagementError(404, "The connection does not exist", "inexistent_connection");
  return connection;
}

/** Without `read:connections_options` an answer has no options at all. */
function view(connection: ConnectionRecord, scopes: ReadonlySet<string>): object {
  return scopes.has("read:connections_options") ? connection : without(connection, "options");
}

/**
 * A connection that is asked for by its id. Most recordings of Google Workspace show no `enabled_clients`, but for the answer
 * to POST; of other companies' providers only the very newest do.
 */
function singleView(connection: ConnectionRecord, scopes: ReadonlySet<string>): object {
  const shown = connection.strategy === "google-apps" ? without(connection, "enabled_clients") : connection;
  return scopes.has("read:connections_options") ? shown : without(shown, "options");
}

function checkOptionsScope(body: JsonObject, scopes: ReadonlySet<string>): void {
  if (body["options"] === undefined || scopes.has("update:connections_options")) return;
  throw new ManagementError(
    403,
    "Insufficient scope, expected any of: update:connections_options",
    "insufficient_scope",
  );
}

function checkOptions(options: JsonValue | undefined, former?: JsonObject): void {
  const problem = isJsonObject(options) ? optionsProblem(options, former) : undefined;
  if (problem !== undefined) throw new ManagementError(400, problem, "invalid_body");
}

/** Observed for a database; which other connections can have it is not known, but for OpenID Connect. */
function checkCrossAppAccess({ cross_app_access_requesting_app: app, strategy }: JsonObject): void {
  if (!isJsonObject(app) || strategy === "oidc" || strategy === "okta") return;
  throw new ManagementError(
    400,
    "Cross App Access Requesting App is not supported for this connection.",
    "operation_not_supported",
  );
}
