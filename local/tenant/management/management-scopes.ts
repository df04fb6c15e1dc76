const crud = ["create", "read", "update", "delete"];

const managed = [
  "actions",
  "clients",
  "client_credentials",
  "client_grants",
  "client_keys",
  "connections",
  "connections_options",
  "custom_domains",
  "organizations",
  "resource_servers",
  "roles",
  "rules",
  "user_tickets",
  "users",
  "users_app_metadata",
];

/** The scopes of the Management API that the tenant's first application is granted: all that this tenant knows. */
export const managementScopes: readonly string[] = [
  ...managed.flatMap((entity) => crud.map((verb) => `${verb}:${entity}`)),
  "read:directory_provisionings",
  "read:role_members",
  "read:tenant_settings",
  "update:tenant_settings",
  "read:triggers",
  "update:triggers",
  "read:logs",
  "read:stats",
];
