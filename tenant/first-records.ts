import type { JsonObject } from "../lib/json.ts";
import { newClient, type ClientRecord } from "./state/client.ts";
import { newConnection, type ConnectionRecord } from "./state/connection.ts";
import { randomAlphanumeric } from "./state/ids-and-timestamps.ts";
import { newResourceServer } from "./state/resource-server.ts";
import {
  seededIdentities,
  seededUser,
  type Identity,
  type SeedIdentity,
  type SeedUser,
  type UserProfile,
} from "./state/user.ts";
import type { TenantContext } from "./tenant-context.ts";

/** The database that Auth0 makes with a tenant. */
const databaseConnection = "Username-Password-Authentication";

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
      scopes: managementScopes.map((value) => ({ value, description: describedScope(value) })),
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
  });
  return client;
}

function addConnection(context: TenantContext, name: string, strategy: string): void {
  const options =
    strategy === "auth0"
      ? { passwordPolicy: "good", disable_self_service_change_password: false }
      : { email: true, profile: true };
  const connection = newConnection({ name, strategy, options }, context.domain);
  context.state.connections.set(connection.id, connection);
}

const crud = ["create", "read", "update", "delete"];

const managed = [
  "actions",
  "clients",
  "client_credentials",
  "client_grants",
  "client_keys",
  "connections",
  "connections_keys",
  "custom_domains",
  "directory_provisionings",
  "organizations",
  "resource_servers",
  "roles",
  "rules",
  "scim_config",
  "scim_token",
  "user_tickets",
  "users",
  "users_app_metadata",
];

/** The scopes of the Management API that the tenant's first application is granted: all that this tenant knows. */
const managementScopes: readonly string[] = [
  ...managed.flatMap((entity) => crud.map((verb) => `${verb}:${entity}`)),
  "read:connections_options",
  "update:connections_options",
  "create:role_members",
  "read:role_members",
  "delete:role_members",
  "delete:refresh_tokens",
  "delete:sessions",
  "read:tenant_settings",
  "update:tenant_settings",
  "read:triggers",
  "update:triggers",
  "read:logs",
  "read:logs_users",
  "read:stats",
  "read:user_idp_tokens",
];

/** `read:client_grants` as `Read Client Grants`, as a real tenant describes most of them. */
function describedScope(scope: string): string {
  return scope.replace(/[:_]/g, " ").replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/** The body of POST /clients, and an id of one's own choice. */
export type SeedClient = JsonObject & { name: string };

/** Applications put in by a program. */
export interface TenantClients {
  /** Adds an application; `client_id` and `client_secret` are made up where they are left out. */
  create: (client: SeedClient) => ClientRecord;
  get: (clientId: string) => ClientRecord | undefined;
}

export function createTenantClients(context: TenantContext): TenantClients {
  const { clients } = context.state;
  return {
    create: (input) => {
      const client = newClient(input);
      if (typeof input["client_id"] === "string") client.client_id = input["client_id"];
      clients.set(client.client_id, client);
      context.changed();
      return client;
    },
    get: (clientId) => clients.get(clientId),
  };
}

/** Users put in and looked at by a program, past the Management API's limits. */
export interface TenantUsers {
  /**
   * Adds or replaces a user of any connections, root fields exactly as given: without a `picture` there is none. A
   * connection that the tenant does not have is made, with the identity's provider as its strategy.
   */
  create: (user: SeedUser) => UserProfile;
  get: (userId: string) => UserProfile | undefined;
  list: () => UserProfile[];
  delete: (userId: string) => boolean;
}

export function createTenantUsers(context: TenantContext): TenantUsers {
  const { users } = context.state;
  return {
    create: (input) => {
      const identities = seededIdentities(input).map((identity) => identityFor(context, identity));
      const user = seededUser(input, identities);
      users.set(input.user_id, user);
      context.changed();
      return user.profile;
    },
    get: (userId) => users.get(userId)?.profile,
    list: () => [...users.values()].map(({ profile }) => profile),
    delete: (userId) => {
      context.changed();
      return users.delete(userId);
    },
  };
}

function identityFor(context: TenantContext, seed: SeedIdentity): Identity {
  const { name, strategy } = connectionFor(context, seed);
  return { ...seed, connection: name, isSocial: strategy !== "auth0" };
}

function connectionFor(context: TenantContext, { provider, connection }: SeedIdentity): ConnectionRecord {
  const name = connection ?? (provider === "auth0" ? databaseConnection : provider);
  const { connections } = context.state;
  const known = [...connections.values()].find((record) => record.name === name);
  if (known) return known;
  const made = newConnection({ name, strategy: provider }, context.domain);
  connections.set(made.id, made);
  return made;
}
