import { readPath } from "../../policy/login.ts";
import { managementClient } from "../management/management-client.ts";
import { managementFailure } from "../management/management-failure.ts";
import type { ManagementAccess } from "../management/request-access.ts";
import type { Identity } from "./user.ts";

/**
 * When a login overwrites root attributes from the connection's provider: `never` also where the connection has none,
 * `unknown` where the token may not read it.
 */
export type ConnectionSync = "each-login" | "first-login" | "never" | "unknown";

/** These keep their users at Auth0 itself. */
const ownStrategies = new Set(["auth0", "sms", "email"]);

/** Auth0's `set_user_root_attributes`, whose default is the first. */
const bySetting: Readonly<Record<string, ConnectionSync>> = {
  on_each_login: "each-login",
  on_first_login: "first-login",
  never_on_login: "never",
};

/**
 * Whether the identity's connection overwrites the root picture. It takes `read:connections` and
 * `read:connections_options`: without the second, an answer has no options at all.
 *
 * @throws ExpectedError `auth0-failed` or `auth0-unreachable`.
 */
export async function readConnectionSync(
  access: ManagementAccess,
  { connection, provider }: Identity,
): Promise<ConnectionSync> {
  if (ownStrategies.has(provider)) return "never";
  const scopes = ["read:connections", "read:connections_options"];
  if (!scopes.every((scope) => access.scopes.includes(scope))) return "unknown";
  try {
    const { connections } = await managementClient(access);
    const { data } = await connections.list({ name: connection });
    const options = readPath(data[0], "options");
    if (options === undefined) return "unknown";
    const setting = readPath(options, "set_user_root_attributes") ?? "on_each_login";
    return typeof setting === "string" ? (bySetting[setting] ?? "unknown") : "unknown";
  } catch (error) {
    throw managementFailure(error, access.domain, "reading the connection");
  }
}
