import { decide } from "../../policy/decide.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { Reason } from "../../policy/verdict.ts";
import type { SeedUser } from "../../tenant/state/user.ts";
import { createLoginClient, type LoginClient } from "../login/login.ts";
import type { LoginLog } from "../page/login-log.ts";
import type { PageApp } from "../page/register-page.ts";
import type { LocalWorld } from "./local-world.ts";

/** What one login showed beside what the policy says that it should show. */
export interface LoginRow {
  readonly userId: string;
  readonly root: string | null;
  /** The ID token's `picture` claim. */
  readonly shown: unknown;
  readonly expected: string | null;
  readonly reason: Reason;
}

/** Logs every user in at the page's application, one after the other, and gives what their ID tokens said. */
export async function logInUsers(
  world: LocalWorld,
  app: PageApp,
  users: readonly SeedUser[],
  settings: PictureSettings,
): Promise<LoginRow[]> {
  const { clientId, redirectUri, logins } = app;
  const { domain } = world.tenant;
  const client = await createLoginClient({ domain, caFile: world.caFile, clientId, redirectUri });
  try {
    const rows: LoginRow[] = [];
    for (const user of users) rows.push(await logIn(client, user, settings, logins));
    return rows;
  } finally {
    await client.close();
  }
}

async function logIn(
  client: LoginClient,
  user: SeedUser,
  settings: PictureSettings,
  logins: LoginLog,
): Promise<LoginRow> {
  const { idTokenClaims } = await client.login({ userId: user.user_id });
  logins.finish(idTokenClaims);
  const { picture, reason } = decide({ user }, settings);
  return {
    userId: user.user_id,
    root: typeof user["picture"] === "string" ? user["picture"] : null,
    shown: idTokenClaims["picture"],
    expected: picture,
    reason,
  };
}

export function isAsDecided({ shown, expected }: LoginRow): boolean {
  return (shown ?? null) === expected;
}
