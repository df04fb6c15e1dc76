import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { scopesOf, type ManagementScope } from "../stack/client-capabilities.ts";
import type { ConfigValues } from "../stack/config-keys.ts";
import { ManagementClient, type ClientAuthentication } from "./management-client.ts";

export interface DeployedClients {
  /** The client of the picture commands. */
  readonly current: ManagementClient;
  /** Its successor, while its secret is being rotated. */
  readonly next: ManagementClient | undefined;
  readonly drift: ManagementClient | undefined;
}

type ClientConfig = Pick<
  ConfigValues,
  | "auth0Domain"
  | "capabilities"
  | "clientAuthentication"
  | "clientGenerations"
  | "clientPublicKeys"
  | "connections"
  | "driftClient"
>;

/** Registers the stack's Management API clients. */
export function deployClients(
  stack: string,
  config: ClientConfig,
  options: ComponentResourceOptions,
): DeployedClients {
  const [current = 1, next] = config.clientGenerations;
  // One of two clients is going to be deleted. The engine asks the state, and that is written now.
  const pictureOptions = next === undefined ? options : { ...options, protect: false };
  return {
    current: pictureClient(stack, config, current, pictureOptions),
    next: next === undefined ? undefined : pictureClient(stack, config, next, pictureOptions),
    drift: config.driftClient ? driftClient(stack, config, options) : undefined,
  };
}

/** One client for each number: the first keeps the names that it had before there were numbers. */
function pictureClient(
  stack: string,
  config: ClientConfig,
  generation: number,
  options: ComponentResourceOptions,
): ManagementClient {
  const suffix = generation === 1 ? "" : `-${generation}`;
  return new ManagementClient(
    `management-client${suffix}`,
    {
      auth0Domain: config.auth0Domain,
      stack,
      resourceName: `user-pictures${suffix}`,
      displayName: generation === 1 ? "User pictures" : `User pictures ${generation}`,
      description: "Reads users and writes their pictures. Managed by auth0-user-pictures.",
      scopes: scopesOf(config.capabilities),
      authentication: authenticationOf(config),
    },
    options,
  );
}

/** It always has a secret: CI systems keep secrets, and reading the tenant is all that this one gives. */
function driftClient(
  stack: string,
  config: ClientConfig,
  options: ComponentResourceOptions,
): ManagementClient {
  return new ManagementClient(
    "drift-client",
    {
      auth0Domain: config.auth0Domain,
      stack,
      resourceName: "user-pictures-drift",
      displayName: "User pictures drift",
      description: "Reads what a preview compares, and changes nothing. Managed by auth0-user-pictures.",
      scopes: driftScopes(config),
      authentication: "client_secret_post",
    },
    options,
  );
}

/**
 * What a preview reads, and no more: the scopes for a client's keys and for connections show secrets too, so they are
 * there only where the stack has such things.
 */
export function driftScopes({
  clientAuthentication,
  connections,
}: Pick<ConfigValues, "clientAuthentication" | "connections">): ManagementScope[] {
  const scopes = scopesOf(connections.length > 0 ? ["drift", "connections"] : ["drift"]);
  return clientAuthentication === "private_key_jwt" ? [...scopes, "read:client_credentials"] : scopes;
}

function authenticationOf({ clientAuthentication, clientPublicKeys }: ClientConfig): ClientAuthentication {
  return clientAuthentication === "client_secret_post"
    ? clientAuthentication
    : { publicKeys: clientPublicKeys };
}
