import { managementScopes } from "./management/management-scopes.ts";
import { newResourceServer } from "./management/resource-servers.ts";
import type { ClientRecord } from "./state/client-record.ts";
import { newClient } from "./state/new-client.ts";
import { newConnection } from "./state/new-connection.ts";
import { randomAlphanumeric } from "./state/random-id.ts";
import type { TenantContext } from "./tenant-context.ts";

/** The database that Auth0 makes with a tenant. */
export const databaseConnection = "Username-Password-Authentication";

/**
 * What a new tenant holds: the Management API, the default database, and one machine-to-machine application that may do
 * everything. Unless `empty`, also a social connection. Returns the application.
 */
export function addFirstRecords(context: TenantContext, empty: boolean): ClientRecord {
  const { state } = context;
  const server = newResourceServer(
    {
      identifier: context.managementAudience,
      name: "Auth0 Management API",
      scopes: managementScopes.map((value) => ({ value, description: "" })),
    },
    true,
  );
  state.resourceServers.set(server.id, server);

  const client = addManagementClient(context);
  addConnection(context, databaseConnection, "auth0");
  if (!empty) addConnection(context, "google-oauth2", "google-oauth2");
  return client;
}

/** Adds the machine-to-machine application that may use the whole Management API. */
export function addManagementClient({ managementAudience, state }: TenantContext): ClientRecord {
  const client = newClient({ name: "Local machine-to-machine", app_type: "non_interactive" });
  state.clients.set(client.client_id, client);
  const grantId = `cgr_${randomAlphanumeric(16)}`;
  state.clientGrants.set(grantId, {
    id: grantId,
    client_id: client.client_id,
    audience: managementAudience,
    scope: [...managementScopes],
    subject_type: "client",
    authorization_details_types: [],
  });
  return client;
}

function addConnection(context: TenantContext, name: string, strategy: string): void {
  const options = strategy === "auth0" ? {} : { email: true, profile: true };
  const connection = newConnection({ name, strategy, options });
  context.state.connections.set(connection.id, connection);
}
