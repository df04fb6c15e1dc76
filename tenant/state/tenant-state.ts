import type { JsonObject } from "../../lib/json.ts";
import type { ActionRecord, SecretRecord } from "./action.ts";
import type { ModuleRecord } from "./action-module.ts";
import type { ClientRecord } from "./client.ts";
import type { ClientCredentialRecord } from "./client-credential.ts";
import type { ConnectionRecord } from "./connection.ts";
import type { ConnectionKeyRecord } from "./connection-key.ts";
import type { DirectoryRecord, ScimRecord } from "./connection-provisioning.ts";
import type { ResourceServerRecord } from "./resource-server.ts";
import type { RoleRecord } from "./role.ts";
import { newTenantSettings } from "./tenant-settings.ts";
import type { UserRecord } from "./user.ts";

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
  /** By connection id, as the next two are. */
  connectionKeys: Map<string, ConnectionKeyRecord[]>;
  directories: Map<string, DirectoryRecord>;
  scimConfigurations: Map<string, ScimRecord>;
  jobs: Map<string, JobRecord>;
  /** Oldest first. */
  logs: LogRecord[];
  modules: Map<string, ModuleRecord>;
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
    connectionKeys: new Map(),
    directories: new Map(),
    scimConfigurations: new Map(),
    jobs: new Map(),
    logs: [],
    modules: new Map(),
    resourceServers: new Map(),
    roles: new Map(),
    settings: newTenantSettings(),
    users: new Map(),
  };
}

/** What an application may ask of an API without a user (`subject_type` client) or with one (user). */
export interface ClientGrantRecord {
  id: string;
  /** Absent where it is the default of a kind of applications. */
  client_id?: string;
  default_for?: "third_party_clients";
  audience: string;
  /** Absent while `allow_all_scopes` is true. */
  scope?: string[];
  subject_type: "client" | "user";
  authorization_details_types?: string[];
  organization_usage?: "deny" | "allow" | "require";
  allow_any_organization?: boolean;
  allow_all_scopes?: boolean;
}

export interface JobError {
  code: string;
  message: string;
  path?: string;
}

/** A user of an import that was not taken, without the fields that are secret. */
interface JobFailure {
  user: JsonObject;
  errors: JobError[];
}

interface JobBase {
  /** `job_` and 16 letters and digits. */
  id: string;
  status: "pending" | "completed" | "failed";
  created_at: string;
  /** When it does its work, in milliseconds since 1970. */
  dueAt: number;
  connection_id?: string;
}

export interface ExportField {
  name: string;
  export_as?: string;
}

export interface ExportJobRecord extends JobBase {
  type: "users_export";
  format: "json" | "csv";
  limit?: number;
  fields?: ExportField[];
}

export interface ImportJobRecord extends JobBase {
  type: "users_import";
  connection_id: string;
  upsert: boolean;
  send_completion_email: boolean;
  external_id?: string;
  /** What is to be imported; empty once it is done. */
  users: JsonObject[];
  failures: JobFailure[];
  /** Whether a fault has it end as failed. */
  fails?: boolean;
  summary?: { failed: number; updated: number; inserted: number; total: number };
}

export type JobRecord = ExportJobRecord | ImportJobRecord;

/** An event of the tenant log. It names people by their id only. */
interface LogRecord {
  /** Grows with time; `from` of the list takes it. The same as `_id`. */
  log_id: string;
  _id: string;
  /**
   * Auth0's event type code: `s` and `f` a login and one that an Action ended, `sertft` and `fertft` the same for a refresh,
   * `fp` a wrong password, `fu` an unknown name, `ss` a sign-up, `scpr` the wish to change a
   * password, `sapi` a write through the Management API.
   */
  type: "s" | "f" | "sertft" | "fertft" | "fp" | "fu" | "ss" | "scpr" | "sapi";
  date: string;
  description: string;
  client_id?: string;
  client_name?: string;
  user_id?: string;
}

/** As many as the tenant keeps; a real one keeps days. */
const maxLogs = 1000;

/** Appends an event; ids are as long as each other, so that they sort as text. */
export function addLog(logs: LogRecord[], event: Omit<LogRecord, "log_id" | "_id" | "date">): void {
  const latest = logs.at(-1)?.log_id ?? "0";
  const log_id = String(Number(latest) + 1).padStart(20, "0");
  logs.push({ log_id, _id: log_id, date: new Date().toISOString(), ...event });
  if (logs.length > maxLogs) logs.splice(0, logs.length - maxLogs);
}
