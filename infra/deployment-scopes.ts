import type { ConfigValues } from "./config-keys.ts";

const entities = ["actions", "clients", "client_grants"];
/** Without `read:connections_options` the options of a connection cannot be kept. */
const ofConnections = ["connections", "connections_options"].flatMap((entity) => [
  `read:${entity}`,
  `update:${entity}`,
]);

/**
 * The Management API scopes that `pulumi up`, a refresh preview and `pulumi destroy` need, for whoever deploys. A tenant
 * probably wants `read:client_keys` as well, to show a new client's secret ([unknown]: the local one does not).
 */
export function deploymentScopes({ connections }: Pick<ConfigValues, "connections">): readonly string[] {
  return [
    ...entities.flatMap((entity) =>
      ["create", "read", "update", "delete"].map((verb) => `${verb}:${entity}`),
    ),
    "read:client_credentials",
    ...(connections.length === 0 ? [] : ofConnections),
  ];
}
