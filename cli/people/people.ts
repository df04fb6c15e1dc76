import type { ConfigValues } from "../../infra/config-keys.ts";
import { readStackFile } from "../../infra/read-stack-file.ts";
import { readStack } from "../../infra/read-stack.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { findCredentials } from "../credentials/find-credentials.ts";
import type { Environment } from "../environment.ts";
import { requestAccess, type ManagementAccess } from "../management/request-access.ts";
import { selectedStack } from "../pulumi/selected-stack.ts";
import { stackFile } from "../stack-file.ts";
import { clientIdOf } from "./client-id.ts";
import { openJournal, type Journal } from "./journal.ts";
import { tenantUsers, type TenantUsers } from "./tenant-users.ts";

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

/**
 * Finds the stack, its settings and a token. It needs the stack's file and no Pulumi where the stack is named and the
 * credentials are in variables.
 *
 * @throws ExpectedError as the parts do.
 */
export async function openPeople(named: string | undefined, env: Environment): Promise<People> {
  const stack = await selectedStack(named, env);
  const { config, settings } = await stackSettings(stack, env);
  const domain = config.auth0Domain;
  const access = await requestAccess(await findCredentials({ stack, domain }, env));
  return {
    stack,
    config,
    settings,
    access,
    clientId: clientIdOf(access.accessToken),
    users: tenantUsers(access),
    journal: openJournal(domain, env),
    env,
    now: () => new Date(),
  };
}

/** What a stack's file says. */
export async function stackSettings(
  stack: string,
  env: Environment,
): Promise<{ readonly config: ConfigValues; readonly settings: PictureSettings }> {
  return readStack(stack, readStackFile(stackFile(stack, env)));
}
