import { isJsonObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import type { ActionRecord, SecretRecord } from "./action.ts";
import type { ClientCredentialRecord, ClientRecord } from "./client.ts";
import type { ConnectionRecord } from "./connection.ts";
import type { RoleRecord } from "./role.ts";
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

/** Lengths that the API takes in hours or in minutes and shows in hours. */
const lifetimes = [
  "session_lifetime",
  "idle_session_lifetime",
  "ephemeral_session_lifetime",
  "idle_ephemeral_session_lifetime",
] as const;

/** What a new tenant's settings show. Not observed: Auth0's documented defaults, no more of them than clients read. */
function newTenantSettings(): JsonObject {
  return {
    enabled_locales: ["en"],
    flags: { enable_sso: true, revoke_refresh_token_grant: false },
    idle_session_lifetime: 72,
    sandbox_version: "22",
    session_cookie: { mode: "persistent" },
    session_lifetime: 168,
  };
}

/** The settings after a PATCH: fields replaced, null removes one, `flags` merged flag by flag. */
export function changedTenantSettings(settings: JsonObject, changes: JsonObject): JsonObject {
  const changed: JsonObject = { ...settings, ...changes };
  if (isJsonObject(changes["flags"]) && isJsonObject(settings["flags"])) {
    changed["flags"] = { ...settings["flags"], ...changes["flags"] };
  }
  for (const name of lifetimes) {
    const minutes = changes[`${name}_in_minutes`];
    if (typeof minutes !== "number") continue;
    changed[name] = minutes / 60;
    Reflect.deleteProperty(changed, `${name}_in_minutes`);
  }
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== null));
}

/** What an application may ask of an API without a user (`subject_type` client) or with one (user). */
export interface ClientGrantRecord {
  id: string;
  client_id: string;
  audience: string;
  /** Absent while `allow_all_scopes` is true. */
  scope?: string[];
  subject_type: "client" | "user";
  authorization_details_types: string[];
  allow_all_scopes?: boolean;
}

interface ResourceServerScope {
  value: string;
  description?: string;
}

/** An API. Fields that only exist once they were set stand among the open ones. */
export interface ResourceServerRecord {
  id: string;
  identifier: string;
  is_system: boolean;
  signing_alg: string;
  token_lifetime: number;
  scopes?: ResourceServerScope[];
  [field: string]: JsonValue | ResourceServerScope[] | undefined;
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
  /** Grows with time; `from` of the list takes it. */
  log_id: string;
  /**
   * Auth0's event type code: `s` and `f` a login and one that an Action ended, `sertft` and `fertft` the same for a refresh,
   * `fp` a wrong password, `fu` an unknown name, `ss` a sign-up, `sapi` a write through the Management API.
   */
  type: "s" | "f" | "sertft" | "fertft" | "fp" | "fu" | "ss" | "sapi";
  date: string;
  description: string;
  client_id?: string;
  client_name?: string;
  user_id?: string;
}

/** As many as the tenant keeps; a real one keeps days. */
const maxLogs = 1000;

/** Appends an event; ids are as long as each other, so that they sort as text. */
export function addLog(logs: LogRecord[], event: Omit<LogRecord, "log_id" | "date">): void {
  const latest = logs.at(-1)?.log_id ?? "0";
  const log_id = String(Number(latest) + 1).padStart(20, "0");
  logs.push({ log_id, date: new Date().toISOString(), ...event });
  if (logs.length > maxLogs) logs.splice(0, logs.length - maxLogs);
}
