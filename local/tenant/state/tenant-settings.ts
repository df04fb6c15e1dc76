import type { JsonObject } from "./json.ts";
import { isJsonObject } from "./json.ts";

/** Lengths that the API takes in hours or in minutes and shows in hours. */
const lifetimes = [
  "session_lifetime",
  "idle_session_lifetime",
  "ephemeral_session_lifetime",
  "idle_ephemeral_session_lifetime",
] as const;

/** What a new tenant's settings show. Not observed: Auth0's documented defaults, no more of them than clients read. */
export function newTenantSettings(): JsonObject {
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
