import { isJsonObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { randomAlphanumeric } from "./ids-and-timestamps.ts";

export interface ConnectionRecord {
  id: string;
  name: string;
  /** `auth0` for a database, otherwise the provider, such as `google-oauth2`. */
  strategy: string;
  options: JsonObject;
  enabled_clients: string[];
  [field: string]: JsonValue | undefined;
}

const databaseStrategy = "auth0";

/** Users of these have no upstream provider: a database's and passwordless ones'. */
const ownStrategies = new Set([databaseStrategy, "email", "sms"]);

const databaseOptions: JsonObject = {
  mfa: { active: true, return_enroll_settings: true },
  passwordPolicy: "good",
  strategy_version: 2,
  brute_force_protection: true,
  passkey_options: {
    challenge_ui: "both",
    progressive_enrollment_enabled: true,
    local_enrollment_enabled: true,
  },
  authentication_methods: {
    password: { enabled: true, api_behavior: "required" },
    passkey: { enabled: false },
  },
};

/** A connection with the defaults that a real tenant's reply shows. */
export function newConnection(input: JsonObject & { name: string; strategy: string }): ConnectionRecord {
  const isDatabase = input.strategy === databaseStrategy;
  const options = isJsonObject(input["options"]) ? input["options"] : {};
  return {
    id: `con_${randomAlphanumeric(16)}`,
    is_domain_connection: false,
    realms: [input.name],
    enabled_clients: [],
    ...(isDatabase ? { authentication: { active: true }, connected_accounts: { active: false } } : {}),
    ...input,
    options: isDatabase ? { ...databaseOptions, ...options } : withScopeNames(input.strategy, options),
  };
}

/** Google's own names for what is sent as booleans; other providers' lists are not imitated. */
function withScopeNames(strategy: string, options: JsonObject): JsonObject {
  if (strategy !== "google-oauth2") return options;
  const scope = ["email", "profile"].filter((name) => options[name] === true);
  return { ...options, scope };
}

/** Whether each login overwrites root attributes such as `picture` from the provider: `on_each_login` is the default. */
export function syncsAtEachLogin(connection: ConnectionRecord): boolean {
  if (ownStrategies.has(connection.strategy)) return false;
  const setting = connection.options["set_user_root_attributes"] ?? "on_each_login";
  return setting === "on_each_login";
}
