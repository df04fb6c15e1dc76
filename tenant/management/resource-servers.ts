import type { FastifyInstance } from "fastify";
import type { JsonObject } from "../../lib/json.ts";
import {
  changeResourceServer,
  myAccountApi,
  newResourceServer,
  type ResourceServerRecord,
} from "../state/resource-server.ts";
import type { TenantContext } from "../tenant-context.ts";
import { listEnvelope, ManagementError, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { closed, flag, list, oneOf, open, orNull, text, whole } from "./body-schema.ts";

const fields = {
  name: text({ maxLength: 200, pattern: "^[^<>]+$" }),
  scopes: list(
    closed({ value: text({ minLength: 1, maxLength: 280 }), description: text({ maxLength: 500 }) }, "value"),
  ),
  signing_alg: oneOf("HS256", "RS256", "RS512", "PS256"),
  signing_secret: text({ minLength: 16 }),
  allow_offline_access: flag,
  allow_online_access: flag,
  allow_online_access_with_ephemeral_sessions: flag,
  token_lifetime: whole(0, 2592000),
  // Not documented, but what real tenants take.
  token_lifetime_for_web: whole(0, 2592000),
  token_dialect: oneOf("access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz"),
  skip_consent_for_verifiable_first_party_clients: flag,
  enforce_policies: flag,
  token_encryption: orNull(
    closed(
      {
        format: oneOf("compact-nested-jwe"),
        encryption_key: closed(
          {
            name: text({ minLength: 1, maxLength: 128 }),
            alg: oneOf("RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"),
            kid: text({ minLength: 1, maxLength: 128 }),
            pem: text({ minLength: 1, maxLength: 4096 }),
          },
          "alg",
          "pem",
        ),
      },
      "format",
      "encryption_key",
    ),
  ),
  consent_policy: orNull(oneOf("transactional-authorization-with-mfa")),
  authorization_details: orNull(list({})),
  proof_of_possession: orNull(
    closed(
      {
        mechanism: oneOf("mtls", "dpop"),
        required: flag,
        required_for: oneOf("public_clients", "all_clients"),
      },
      "mechanism",
      "required",
    ),
  ),
  subject_type_authorization: closed({
    user: open({ policy: oneOf("allow_all", "deny_all", "require_client_grant") }),
    client: open({ policy: oneOf("deny_all", "require_client_grant") }),
  }),
  authorization_policy: orNull(closed({ policy_id: text({ minLength: 1, maxLength: 1024 }) }, "policy_id")),
};

const createSchema = closed({ ...fields, identifier: text({ minLength: 1, maxLength: 600 }) }, "identifier");

const updateSchema = closed(fields);

/** /api/v2/resource-servers: the tenant's APIs, each reachable by its id and by its identifier. */
export function registerResourceServers(app: FastifyInstance, context: TenantContext): void {
  const { resourceServers } = context.state;

  app.get<{ Querystring: Query }>("/resource-servers", needs("read:resource_servers"), (request) => {
    const views = [...resourceServers.values()].map((server) => view(context, server));
    return listEnvelope("resource_servers", views, request.query);
  });

  app.post<{ Body: JsonObject & { identifier: string } }>(
    "/resource-servers",
    { ...needs("create:resource_servers"), schema: { body: createSchema } },
    (request, reply) => {
      if (lookUp(context, request.body.identifier)) {
        // The words were not observed.
        throw new ManagementError(
          409,
          "A resource server with the same identifier already exists.",
          "conflict",
        );
      }
      const isMyAccount = request.body.identifier === `${context.issuer}me/`;
      const server = isMyAccount ? myAccountApi(request.body) : newResourceServer(request.body);
      resourceServers.set(server.id, server);
      return reply.code(201).send(view(context, server));
    },
  );

  app.get<{ Params: { id: string } }>("/resource-servers/:id", needs("read:resource_servers"), (request) =>
    view(context, findResourceServer(context, request.params.id)),
  );

  app.patch<{ Params: { id: string }; Body: JsonObject }>(
    "/resource-servers/:id",
    { ...needs("update:resource_servers"), schema: { body: updateSchema } },
    (request) => {
      const server = findResourceServer(context, request.params.id);
      changeResourceServer(server, request.body);
      return view(context, server);
    },
  );

  app.delete<{ Params: { id: string } }>(
    "/resource-servers/:id",
    needs("delete:resource_servers"),
    (request, reply) => {
      const server = lookUp(context, request.params.id);
      // Auth0's other API, for accounts, may go.
      if (server?.identifier === context.managementAudience) {
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

function decodedOnceMore(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** With the application that stands for the API itself, where there is one. */
function view({ state }: TenantContext, server: ResourceServerRecord): object {
  const client = [...state.clients.values()].find(
    (candidate) => candidate["resource_server_identifier"] === server.identifier,
  );
  return client ? { ...server, client_id: client.client_id } : server;
}
