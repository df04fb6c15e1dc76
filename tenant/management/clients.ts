import type { FastifyInstance } from "fastify";
import { isJsonObject, without, type JsonObject } from "../../lib/json.ts";
import { changedClient, newClient, type ClientRecord } from "../state/client.ts";
import {
  newCredential,
  type ClientCredentialRecord,
  type CredentialInput,
} from "../state/client-credential.ts";
import { randomSecret } from "../state/ids-and-timestamps.ts";
import type { TenantContext } from "../tenant-context.ts";
import { listEnvelope, ManagementError, queryValue, selectFields, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { createClientSchema, updateClientSchema } from "./client-schema.ts";

interface IdParams {
  id: string;
}

const readScopes = ["read:clients", "read:client_keys", "read:client_credentials", "read:client_summary"];

/** /api/v2/clients: the tenant's applications. */
export function registerClients(app: FastifyInstance, context: TenantContext): void {
  const { clients } = context.state;

  app.get<{ Querystring: Query }>("/clients", needs(...readScopes), (request) => {
    const appType = queryValue(request.query, "app_type");
    const isAsked = (name: string, value: boolean) => {
      const wanted = queryValue(request.query, name);
      return wanted === undefined || (wanted === "true") === value;
    };
    const found = [...clients.values()]
      .filter((client) => appType === undefined || appType.split(",").includes(client.app_type ?? ""))
      .filter((client) => isAsked("is_first_party", client["is_first_party"] === true))
      .filter((client) => isAsked("is_global", client["global"] === true))
      .map((client) => selectFields(view(context, client, request.grantedScopes), request.query));
    return listEnvelope("clients", found, request.query);
  });

  app.post<{ Body: JsonObject & { name: string } }>(
    "/clients",
    { ...needs("create:clients"), schema: { body: createClientSchema } },
    async (request, reply) => {
      const client = newClient(request.body);
      checkAuthenticationMethods(client);
      clients.set(client.client_id, client);
      await keepNewCredentials(context, client);
      return reply.code(201).send(createdView(context, client, request.grantedScopes));
    },
  );

  app.get<{ Params: IdParams; Querystring: Query }>("/clients/:id", needs(...readScopes), (request) =>
    selectFields(view(context, findClient(context, request.params.id), request.grantedScopes), request.query),
  );

  app.patch<{ Params: IdParams; Body: JsonObject }>(
    "/clients/:id",
    {
      ...needs(
        "update:clients",
        "update:client_keys",
        "update:client_credentials",
        "update:client_token_vault_privileged_access",
      ),
      schema: { body: updateClientSchema },
    },
    (request) => {
      const client = findClient(context, request.params.id);
      const changed = changedClient(client, request.body);
      checkAuthenticationMethods(changed);
      clients.set(client.client_id, changed);
      return view(context, changed, request.grantedScopes);
    },
  );

  app.delete<{ Params: IdParams }>("/clients/:id", needs("delete:clients"), (request, reply) => {
    deleteClient(context, request.params.id);
    return reply.code(204).send();
  });

  app.post<{ Params: IdParams }>("/clients/:id/rotate-secret", needs("update:client_keys"), (request) => {
    const client = findClient(context, request.params.id);
    client.client_secret = randomSecret();
    return view(context, client, request.grantedScopes);
  });
}

/** The application, or 404 in the words that were observed. */
export function findClient(context: TenantContext, id: string): ClientRecord {
  const client = context.state.clients.get(id);
  if (!client) throw new ManagementError(404, "The client does not exist", "inexistent_client");
  return client;
}

/**
 * The application with the tenant's signing certificate. The secret is there only where the application logs in with it, and
 * for tokens that may see it; which scopes those are is from the Terraform provider's documentation.
 */
function view(context: TenantContext, client: ClientRecord, grantedScopes: ReadonlySet<string>): object {
  const scopes = ["read:client_keys", "read:client_credentials", "create:clients", "update:client_keys"];
  const usesSecret = client["client_authentication_methods"] === undefined;
  const showsSecret = usesSecret && scopes.some((scope) => grantedScopes.has(scope));
  const shown = showsSecret ? client : without(client, "client_secret");
  return { ...shown, signing_keys: [context.signingCertificate] };
}

/** A real answer has the private key in it, encrypted. Here something stands in its place that is no key. */
function createdView(
  context: TenantContext,
  client: ClientRecord,
  grantedScopes: ReadonlySet<string>,
): object {
  const signing_keys = [{ ...context.signingCertificate, key: randomSecret() }];
  return { ...view(context, client, grantedScopes), signing_keys, encrypted: true };
}

function checkAuthenticationMethods(client: ClientRecord): void {
  if (client["client_authentication_methods"] === undefined) return;
  if (client.token_endpoint_auth_method === undefined) return;
  // That the two exclude each other is known, the words are not.
  throw new ManagementError(
    400,
    "token_endpoint_auth_method and client_authentication_methods cannot both be set.",
    "invalid_body",
  );
}

/** The application's credentials by their ids; 404 where there is no such application. */
export function credentialsOf(context: TenantContext, clientId: string): Map<string, ClientCredentialRecord> {
  findClient(context, clientId);
  const known = context.state.clientCredentials.get(clientId);
  if (known) return known;
  const credentials = new Map<string, ClientCredentialRecord>();
  context.state.clientCredentials.set(clientId, credentials);
  return credentials;
}

/** Adds a credential to the application; 400 for a PEM that cannot be read. */
export async function addCredential(
  context: TenantContext,
  clientId: string,
  input: CredentialInput,
): Promise<ClientCredentialRecord> {
  const credentials = credentialsOf(context, clientId);
  const credential = await newCredential(input).catch(() => {
    throw new ManagementError(
      400,
      "Payload validation error: 'Invalid PEM' on property pem.",
      "invalid_body",
    );
  });
  credentials.set(credential.id, credential);
  return credential;
}

/** Credentials that a POST has inside become records of their own; the application keeps their ids. */
async function keepNewCredentials(context: TenantContext, client: ClientRecord): Promise<void> {
  const methods = client["client_authentication_methods"];
  const users = [
    ...(isJsonObject(methods) ? Object.values(methods) : []),
    client["signed_request_object"],
    client["token_vault_privileged_access"],
  ].filter((user) => isJsonObject(user));
  for (const user of users) {
    const inputs = user["credentials"];
    if (!Array.isArray(inputs)) continue;
    const ids: JsonObject[] = [];
    for (const input of inputs as unknown as CredentialInput[]) {
      ids.push({ id: (await addCredential(context, client.client_id, input)).id });
    }
    user["credentials"] = ids;
  }
}

/** An unknown id is 204 too: deleting twice is no error in this family as far as seen. */
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
