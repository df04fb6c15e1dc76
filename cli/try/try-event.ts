import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerFolder } from "../../infra/caller-folder.ts";
import type { ManagementAccess } from "../management/request-access.ts";
import { findUser } from "../people/find-user.ts";
import { tenantUsers } from "../people/tenant-users.ts";
import { loginEvent, plainLogin } from "../../sandbox/login-event.ts";
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

/**
 * The event of a plain login of a user, through the primary identity's connection: scopes openid, profile and email, and
 * an application without settings.
 *
 * @param user As the commands about people take it: an id, an email address or an exact name.
 * @throws ExpectedError `user-not-found`, `user-ambiguous`, or as the Management API fails.
 */
export async function eventOfUser(access: ManagementAccess, user: string): Promise<object> {
  const profile = await findUser(tenantUsers(access), user);
  const tenantId = access.domain.split(".", 1)[0] ?? "";
  const client = { client_id: "", name: "pictures try", client_metadata: {} };
  return loginEvent(plainLogin(profile, { tenantId, client, at: new Date() }));
}
