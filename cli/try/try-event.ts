import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerFolder } from "../../infra/caller-folder.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { managementClient } from "../management/management-client.ts";
import { managementFailure } from "../management/management-failure.ts";
import type { ManagementAccess } from "../management/request-access.ts";
import { UsageError } from "../usage-error.ts";

/** @throws UsageError `event-unreadable`. */
export function eventFromFile(file: string): object {
  let event: unknown;
  let why = "it is no JSON object";
  try {
    event = JSON.parse(readFileSync(resolve(callerFolder(), file), "utf8"));
  } catch (cause) {
    why = cause instanceof Error ? cause.message : String(cause);
  }
  if (typeof event === "object" && event !== null && !Array.isArray(event)) return event;
  throw new UsageError("event-unreadable", `--event ${file} cannot be used: ${why}.`);
}

/** Fields of the profile that no event has. */
const notInEvent = new Set(["last_ip", "last_login", "logins_count", "blocked"]);

/**
 * The event of a plain login of a user: scopes openid, profile and email, and no application.
 *
 * @param user An id, or an email address that one user has.
 * @throws ExpectedError `user-missing` or `user-unclear`, without naming the user; or as the Management API fails.
 */
export async function eventOfUser(access: ManagementAccess, user: string): Promise<object> {
  const profile = await findUser(access, user);
  const [identity] = Array.isArray(profile["identities"]) ? (profile["identities"] as unknown[]) : [];
  const { connection, provider } = Object(identity) as { connection?: unknown; provider?: unknown };
  const fields = Object.entries(profile).filter(([name]) => !notInEvent.has(name));
  return {
    client: { client_id: "", name: "pictures try", metadata: {} },
    connection: { name: connection, strategy: provider, metadata: {} },
    request: { method: "GET", query: {}, body: {}, geoip: {} },
    stats: { logins_count: profile["logins_count"] ?? 0 },
    tenant: { id: access.domain.split(".", 1)[0] ?? "" },
    transaction: { protocol: "oidc-basic-profile", requested_scopes: ["openid", "profile", "email"] },
    user: { ...Object.fromEntries(fields), enrolledFactors: [] },
  };
}

async function findUser(access: ManagementAccess, user: string): Promise<Record<string, unknown>> {
  const { users } = await managementClient(access);
  try {
    if (user.includes("|")) return { ...(await users.get(user)) };
    const [found, ...others] = await users.listUsersByEmail({ email: user });
    if (others.length > 0) {
      const message = `${others.length + 1} users have that address. Name one by id (--user 'auth0|…').`;
      throw new ExpectedError("user-unclear", message);
    }
    if (found !== undefined) return { ...found };
  } catch (error) {
    if ((error as { statusCode?: unknown }).statusCode !== 404) {
      throw managementFailure(error, access.domain, "reading the user");
    }
  }
  throw new ExpectedError(
    "user-missing",
    `${access.domain} has no such user. Name an id or an email address.`,
  );
}
