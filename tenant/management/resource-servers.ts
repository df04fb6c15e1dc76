import type { FastifyInstance } from "fastify";
import type { JsonObject } from "../../lib/json.ts";
import { randomHexId } from "../state/ids-and-timestamps.ts";
import type { ResourceServerRecord } from "../state/tenant-state.ts";
import type { TenantContext } from "../tenant-context.ts";
import { listEnvelope, ManagementError, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";

const fields = {
  name: { type: ["string", "null"] },
  scopes: {
    type: "array",
    items: {
      type: "object",
      required: ["value"],
      additionalProperties: false,
      properties: { value: { type: "string", minLength: 1 }, description: { type: "string" } },
    },
  },
  signing_alg: { type: "string", enum: ["HS256", "RS256", "RS512", "PS256"] },
  token_lifetime: { type: "integer", minimum: 1, maximum: 2592000 },
  token_lifetime_for_web: { type: "integer", minimum: 1, maximum: 2592000 },
  allow_offline_access: { type: "boolean" },
} as const;

const createSchema = {
  type: "object",
  required: ["identifier"],
  properties: { ...fields, identifier: { type: "string", minLength: 1, maxLength: 600 } },
} as const;

const updateSchema = { type: "object", properties: fields } as const;

/** /api/v2/resource-servers: the tenant's APIs, each reachable by its id and by its identifier. */
export function registerResourceServers(app: FastifyInstance, context: TenantContext): void {
  const { resourceServers } = context.state;

  app.get<{ Querystring: Query }>("/resource-servers", needs("read:resource_servers"), (request) =>
    listEnvelope("resource_servers", [...resourceServers.values()], request.query),
  );

  app.post<{ Body: JsonObject & { identifier: string } }>(
    "/resource-servers",
    { ...needs("create:resource_servers"), schema: { body: createSchema } },
    (request, reply) => {
      const server = newResourceServer(request.body);
      if (lookUp(context, server.identifier)) {
        // The words were not observed.
        throw new ManagementError(
          409,
          "A resource server with the same identifier already exists.",
          "conflict",
        );
      }
      resourceServers.set(server.id, server);
      return reply.code(201).send(server);
    },
  );

  app.get<{ Params: { id: string } }>("/resource-servers/:id", needs("read:resource_servers"), (request) =>
    findResourceServer(context, request.params.id),
  );

  app.patch<{ Params: { id: string }; Body: JsonObject }>(
    "/resource-servers/:id",
    { ...needs("update:resource_servers"), schema: { body: updateSchema } },
    (request) => {
      const server = findResourceServer(context, request.params.id);
      Object.assign(server, request.body);
      removeNulls(server);
      return server;
    },
  );

  app.delete<{ Params: { id: string } }>(
    "/resource-servers/:id",
    needs("delete:resource_servers"),
    (request, reply) => {
      const server = lookUp(context, request.params.id);
      if (server?.is_system === true) {
        throw new ManagementError(
          403,
          "The system resource server cannot be deleted.",
          "operation_not_supported",
        );
      }
      if (server) resourceServers.delete(server.id);
      return reply.code(204).send();
    },
  );
}

/** An API with Auth0's defaults; `is_system` only for the Management API's own. */
export function newResourceServer(
  input: JsonObject & { identifier: string },
  isSystem = false,
): ResourceServerRecord {
  const server: ResourceServerRecord = {
    id: randomHexId(),
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: false,
    token_lifetime: 86400,
    token_lifetime_for_web: 7200,
    signing_alg: "RS256",
    ...input,
    is_system: isSystem,
  };
  removeNulls(server);
  return server;
}

/** The API by its id or identifier, or 404 in the words that were observed. */
export function findResourceServer(context: TenantContext, idOrIdentifier: string): ResourceServerRecord {
  const server = lookUp(context, idOrIdentifier);
  if (server) return server;
  throw new ManagementError(404, "The resource server does not exist", "inexistent_resource_server");
}

function lookUp(context: TenantContext, idOrIdentifier: string): ResourceServerRecord | undefined {
  // The router decoded once; one Go client encodes twice.
  const names = new Set([idOrIdentifier, decodedOnceMore(idOrIdentifier)]);
  return [...context.state.resourceServers.values()].find(
    ({ id, identifier }) => names.has(id) || names.has(identifier),
  );
}

function decodedOnceMore(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Options are absent rather than null once they were removed. */
function removeNulls(server: ResourceServerRecord): void {
  for (const [key, value] of Object.entries(server)) {
    if (value === null) Reflect.deleteProperty(server, key);
  }
}
