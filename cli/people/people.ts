import { tokenClaims, type ManagementAccess } from "../../auth0/management-token.ts";
import { tenantUsers, type TenantUsers } from "../../auth0/tenant-users.ts";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { ConfigValues } from "../../stack/config-keys.ts";
import { openStack } from "../pulumi/stack-tenant.ts";
import { openJournal, type Journal } from "./journal.ts";

/** A tenant's people, for as long as a command runs. */
export interface People {
  readonly stack: string;
  readonly config: ConfigValues;
  /** From the stack's file: what its `pulumi up` builds into the Actions. */
  readonly settings: PictureSettings;
  readonly access: ManagementAccess;
  /** The client in whose name everything is done. */
  readonly clientId: string;
  readonly users: TenantUsers;
  readonly journal: Journal;
  readonly env: Environment;
  readonly now: () => Date;
}

/** @throws ExpectedError as `openStack` does. */
export async function openPeople(named: string | undefined, env: Environment): Promise<People> {
  const { stack, config, settings, access } = await openStack(named, env);
  return {
    stack,
    config,
    settings,
    access,
    clientId: await clientIdOf(access.accessToken),
    users: tenantUsers(access),
    journal: openJournal(config.auth0Domain, env),
    env,
    now: () => new Date(),
  };
}

/**
 * The client that a Management API token was given to, as the token says (`azp`, or `sub` with `@clients` behind it);
 * "unknown" for a token that cannot be read.
 */
export async function clientIdOf(accessToken: string): Promise<string> {
  const { azp, sub } = await tokenClaims(accessToken);
  if (typeof azp === "string") return azp;
  return typeof sub === "string" ? sub.replace(/@clients$/, "") : "unknown";
}

/**
 * Stops before anybody is asked anything where the client may not do it.
 *
 * @param scopes One of them is enough.
 * @param capability What config key `capabilities` calls it.
 * @throws ExpectedError `scope-missing`.
 */
export function requireScope(
  { access, clientId }: Pick<People, "access" | "clientId">,
  scopes: readonly string[],
  capability: string,
): void {
  // A token that is not a JWT says nothing about its scopes; Auth0 answers 403 if they are too few.
  if (access.scopes.length === 0 || scopes.some((scope) => access.scopes.includes(scope))) return;
  throw new ExpectedError(
    "scope-missing",
    `Client ${clientId} may not do this: its token lacks the scope ${scopes[0] ?? ""}. Use a client with it, or add ` +
      `${capability} to config key capabilities, then run pulumi up.`,
  );
}
