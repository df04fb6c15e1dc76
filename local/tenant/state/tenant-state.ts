import type { ActionRecord, SecretRecord } from "./action-record.ts";
import type { ClientCredentialRecord, ClientRecord } from "./client-record.ts";
import type { ClientGrantRecord } from "./client-grant-record.ts";
import type { ConnectionRecord } from "./connection-record.ts";
import type { JobRecord } from "./job-record.ts";
import type { JsonObject } from "./json.ts";
import type { LogRecord } from "./log-record.ts";
import type { ResourceServerRecord } from "./resource-server-record.ts";
import type { RoleRecord } from "./role-record.ts";
import { newTenantSettings } from "./tenant-settings.ts";
import type { UserRecord } from "./user-record.ts";

/** An Action's place in a flow. */
export interface BindingRecord {
  id: string;
  trigger_id: string;
  display_name: string;
  created_at: string;
  actionId: string;
  secrets: SecretRecord[];
}

/** Everything the tenant knows, in memory; each map is keyed by the record's own id and in order of creation. */
export interface TenantState {
  actions: Map<string, ActionRecord>;
  /** By trigger id, in the order in which they run. */
  bindings: Map<string, BindingRecord[]>;
  clients: Map<string, ClientRecord>;
  /** By client id, then by credential id. */
  clientCredentials: Map<string, Map<string, ClientCredentialRecord>>;
  clientGrants: Map<string, ClientGrantRecord>;
  connections: Map<string, ConnectionRecord>;
  jobs: Map<string, JobRecord>;
  /** Oldest first. */
  logs: LogRecord[];
  resourceServers: Map<string, ResourceServerRecord>;
  roles: Map<string, RoleRecord>;
  settings: JsonObject;
  users: Map<string, UserRecord>;
}

export function createTenantState(): TenantState {
  return {
    actions: new Map(),
    bindings: new Map(),
    clients: new Map(),
    clientCredentials: new Map(),
    clientGrants: new Map(),
    connections: new Map(),
    jobs: new Map(),
    logs: [],
    resourceServers: new Map(),
    roles: new Map(),
    settings: newTenantSettings(),
    users: new Map(),
  };
}
