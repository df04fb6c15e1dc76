import type { FastifyInstance } from "fastify";
import { without, type JsonObject } from "../../lib/json.ts";
import { changedClient, newClient, type ClientRecord } from "../state/client.ts";
import { randomSecret } from "../state/ids-and-timestamps.ts";
import type { TenantContext } from "../tenant-context.ts";
import { listEnvelope, ManagementError, queryValue, selectFields, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";

interface IdParams {
  id: string;
}

/** /api/v2/clients: the tenant's applications. */
export function registerClients(app: FastifyInstance, context: TenantContext): void {
  const { clients } = context.state;

  app.get<{ Querystring: Query }>("/clients", needs("read:clients"), (request) => {
    const appType = queryValue(request.query, "app_type");
    const found = [...clients.values()]
      .filter((client) => appType === undefined || appType.split(",").includes(client.app_type ?? ""))
      .map((client) => selectFields(readable(client, request.grantedScopes), request.query));
    return listEnvelope("clients", found, request.query);
  });

  app.post<{ Body: JsonObject & { name: string } }>(
    "/clients",
    { ...needs("create:clients"), schema: { body: createClientSchema } },
    (request, reply) => {
      const client = newClient(request.body);
      clients.set(client.client_id, client);
      return reply.code(201).send(client);
    },
  );

  app.get<{ Params: IdParams; Querystring: Query }>(
    "/clients/:id",
    needs("read:clients", "read:client_keys"),
    (request) =>
      selectFields(readable(findClient(context, request.params.id), request.grantedScopes), request.query),
  );

  app.patch<{ Params: IdParams; Body: JsonObject }>(
    "/clients/:id",
    { ...needs("update:clients", "update:client_keys"), schema: { body: updateClientSchema } },
    (request) => {
      const client = findClient(context, request.params.id);
      const changed = changedClient(client, request.body);
      checkAuthenticationMethods(changed);
      clients.set(client.client_id, changed);
      return changed;
    },
  );

  app.delete<{ Params: IdParams }>("/clients/:id", needs("delete:clients"), (request, reply) => {
    deleteClient(context, request.params.id);
    return reply.code(204).send();
  });

  app.post<{ Params: IdParams }>("/clients/:id/rotate-secret", needs("update:client_keys"), (request) => {
    const client = findClient(context, request.params.id);
    client.client_secret = randomSecret();
    return client;
  });
}

/** The application, or 404 in the words that were observed. */
export function findClient(context: TenantContext, id: string): ClientRecord {
  const client = context.state.clients.get(id);
  if (!client) throw new ManagementError(404, "The client does not exist", "inexistent_client");
  return client;
}

/** Which scopes show the secret is from the Terraform provider's documentation. */
function readable(client: ClientRecord, grantedScopes: ReadonlySet<string>): object {
  const showsSecret = ["read:client_keys", "read:client_credentials"].some((scope) =>
    grantedScopes.has(scope),
  );
  return showsSecret ? client : without(client, "client_secret");
}

function checkAuthenticationMethods(client: ClientRecord): void {
  if (client["client_authentication_methods"] === undefined) {
    client.token_endpoint_auth_method ??= "client_secret_post";
    return;
  }
  if (client.token_endpoint_auth_method === undefined) return;
  // That the two exclude each other is known, the words are not.
  throw new ManagementError(
    400,
    "token_endpoint_auth_method and client_authentication_methods cannot both be set.",
    "invalid_body",
  );
}

/** An unknown id is 204 too: as far as observed, deleting twice is not an error in this family. */
function deleteClient(context: TenantContext, id: string): void {
  const { clients, clientCredentials, clientGrants, connections } = context.state;
  clients.delete(id);
  clientCredentials.delete(id);
  for (const grant of [...clientGrants.values()]) {
    if (grant.client_id === id) clientGrants.delete(grant.id);
  }
  for (const connection of connections.values()) {
    connection.enabled_clients = connection.enabled_clients.filter((clientId) => clientId !== id);
  }
}

const strings = { type: "array", items: { type: "string" } } as const;

/** The fields whose form the tenant relies on. Others are kept as they come: the API has far more. */
const clientFields = {
  name: { type: "string", minLength: 1, description: "The name of the client" },
  description: { type: "string", maxLength: 140 },
  client_secret: { type: "string", minLength: 1 },
  app_type: { type: ["string", "null"] },
  callbacks: strings,
  allowed_logout_urls: strings,
  allowed_origins: strings,
  web_origins: strings,
  grant_types: strings,
  client_metadata: { type: "object", additionalProperties: { type: ["string", "null"], maxLength: 255 } },
  jwt_configuration: { type: ["object", "null"] },
  refresh_token: { type: ["object", "null"] },
  oidc_conformant: { type: "boolean" },
  is_first_party: { type: "boolean" },
  token_endpoint_auth_method: {
    type: ["string", "null"],
    enum: ["none", "client_secret_post", "client_secret_basic", null],
  },
  client_authentication_methods: { type: ["object", "null"] },
} as const;

const createClientSchema = {
  type: "object",
  required: ["name"],
  properties: clientFields,
} as const;

const updateClientSchema = { type: "object", properties: clientFields } as const;

export const createCredentialSchema = {
  type: "object",
  required: ["credential_type"],
  additionalProperties: false,
  properties: {
    name: { type: "string" },
    credential_type: { type: "string", enum: ["public_key"] },
    pem: { type: "string", minLength: 1 },
    alg: { type: "string", enum: ["RS256", "RS384", "PS256"] },
    parse_expiry_from_cert: { type: "boolean" },
    expires_at: { type: "string", format: "date-time" },
  },
} as const;

export const updateCredentialSchema = {
  type: "object",
  additionalProperties: false,
  properties: { expires_at: { type: ["string", "null"], format: "date-time" } },
} as const;
