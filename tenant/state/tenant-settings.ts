import { isJsonObject, type JsonObject } from "../../lib/json.ts";

/** Lengths that the API takes in hours or in minutes and shows in hours. */
const lifetimes = [
  "session_lifetime",
  "idle_session_lifetime",
  "ephemeral_session_lifetime",
  "idle_ephemeral_session_lifetime",
] as const;

/** What a new tenant's settings show, as a real one that nobody had changed did. */
export function newTenantSettings(): JsonObject {
  return {
    enabled_locales: ["en"],
    flags: {
      allow_changing_enable_sso: false,
      disable_impersonation: true,
      enable_sso: true,
      universal_login: true,
      revoke_refresh_token_grant: false,
      disable_clickjack_protection_headers: false,
    },
    idle_session_lifetime: 72,
    ephemeral_session_lifetime: 72,
    idle_ephemeral_session_lifetime: 24,
    sandbox_version: "22",
    session_lifetime: 168,
    oidc_logout: { rp_logout_end_session_endpoint_discovery: true },
    resource_parameter_profile: "compatibility",
    client_id_metadata_document_supported: false,
  };
}

/** Settings of which a PATCH changes what it names and keeps the rest; others are replaced whole. */
const merged = ["flags", "universal_login", "change_password", "guardian_mfa_page"];

/** The settings after a PATCH; null removes one, and so does an empty default_redirection_uri. */
export function changedTenantSettings(settings: JsonObject, changes: JsonObject): JsonObject {
  const changed: JsonObject = { ...settings, ...changes };
  for (const name of merged) {
    const [known, sent] = [settings[name], changes[name]];
    if (isJsonObject(known) && isJsonObject(sent)) changed[name] = { ...known, ...sent };
  }
  for (const name of lifetimes) {
    const minutes = changes[`${name}_in_minutes`];
    if (typeof minutes !== "number") continue;
    changed[name] = minutes / 60;
    Reflect.deleteProperty(changed, `${name}_in_minutes`);
  }
  if (changed["default_redirection_uri"] === "") Reflect.deleteProperty(changed, "default_redirection_uri");
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== null));
}
