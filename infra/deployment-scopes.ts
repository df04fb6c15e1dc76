/**
 * The Management API scopes that `pulumi up`, a refresh preview and `pulumi destroy` need, for whoever deploys. A tenant
 * probably wants `read:client_keys` as well, to show a new client's secret ([unknown]: the local one does not).
 */
export const deploymentScopes: readonly string[] = [
  ...["actions", "clients", "client_grants"].flatMap((entity) =>
    ["create", "read", "update", "delete"].map((verb) => `${verb}:${entity}`),
  ),
  "read:client_credentials",
];
