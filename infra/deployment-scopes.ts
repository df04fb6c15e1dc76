import type { ConfigValues } from "./config-keys.ts";

/**
 * The Management API scopes that `pulumi up`, a refresh preview and `pulumi destroy` of a stack need, for whoever
 * deploys. A tenant probably wants `read:client_keys` as well, to show a new client's secret ([unknown]: the local one
 * does not).
 */
export function deploymentScopes({
  connections,
  clientAuthentication,
}: Pick<ConfigValues, "connections" | "clientAuthentication">): readonly string[] {
  return [
    ...scopes(["create", "read", "update", "delete"], ["actions", "clients", "client_grants"]),
    "read:client_credentials",
    // Without `read:connections_options` the options of a connection cannot be kept.
    ...(connections.length === 0 ? [] : scopes(["read", "update"], ["connections", "connections_options"])),
    ...(clientAuthentication === "private_key_jwt"
      ? scopes(["create", "update", "delete"], ["client_credentials"])
      : []),
  ];
}

function scopes(verbs: readonly string[], entities: readonly string[]): string[] {
  return entities.flatMap((entity) => verbs.map((verb) => `${verb}:${entity}`));
}
