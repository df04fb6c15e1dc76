import type { ConnectionRecord } from "../state/connection-record.ts";
import type { JsonObject } from "../state/json.ts";
import { isJsonObject } from "../state/json.ts";
import { syncsAtEachLogin } from "../state/new-connection.ts";
import { changeMetadata } from "../state/metadata.ts";
import { hashPassword } from "../state/password.ts";
import { millisecondTimestamp } from "../state/timestamps.ts";
import type { UserRecord } from "../state/user-record.ts";
import { ManagementError } from "./management-error.ts";

/** Root fields that belong to the provider while the connection syncs them at each login. */
const syncedFields = ["name", "nickname", "given_name", "family_name", "picture", "email", "username"];

/** What steers a PATCH and is no field of the profile. */
const controls = new Set([
  "connection",
  "client_id",
  "verify_email",
  "verify_password",
  "password",
  "user_metadata",
  "app_metadata",
]);

/** Applies a PATCH: root fields replaced, null removes one, metadata merged at its first level. */
export function changeUser(
  user: UserRecord,
  body: JsonObject,
  connection: ConnectionRecord | undefined,
): void {
  const fields = Object.entries(body).filter(([key]) => !controls.has(key));
  if (connection) checkSyncedFields(fields, connection);
  const { profile } = user;
  for (const [key, value] of fields) {
    if (value === null) Reflect.deleteProperty(profile, key);
    else profile[key] = value;
  }
  if (typeof body["password"] === "string") user.passwordHash = hashPassword(body["password"]);
  if (isJsonObject(body["user_metadata"])) changeMetadata(profile, "user_metadata", body["user_metadata"]);
  if (isJsonObject(body["app_metadata"])) changeMetadata(profile, "app_metadata", body["app_metadata"]);
  profile.updated_at = millisecondTimestamp();
}

function checkSyncedFields(fields: [string, unknown][], connection: ConnectionRecord): void {
  const refused = fields.map(([key]) => key).filter((key) => syncedFields.includes(key));
  if (refused.length === 0 || !syncsAtEachLogin(connection)) return;
  throw new ManagementError(
    400,
    `The following user attributes cannot be updated: ${refused.join(", ")}. The connection (${connection.name}) ` +
      "should either be a database connection (using the Auth0 store), a passwordless connection (email or sms) or " +
      "has disabled 'Sync user profile attributes at each login'.",
    "operation_not_supported",
  );
}
