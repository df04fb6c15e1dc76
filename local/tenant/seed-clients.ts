import type { ClientRecord } from "./state/client-record.ts";
import type { JsonObject } from "./state/json.ts";
import { newClient } from "./state/new-client.ts";
import type { TenantContext } from "./tenant-context.ts";

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
