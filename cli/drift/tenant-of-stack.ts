import { readStackFile } from "../../infra/read-stack-file.ts";
import { readStack, type Stack } from "../../infra/read-stack.ts";
import { findCredentials } from "../credentials/find-credentials.ts";
import type { Environment } from "../environment.ts";
import { requestAccess, type ManagementAccess } from "../management/request-access.ts";
import { stackFile, stackName } from "../stack-file.ts";

/**
 * A stack's configuration, and access to its tenant.
 *
 * @throws ConfigError, or an ExpectedError: the file, the credentials or the tenant's answer.
 */
export async function tenantOfStack(
  stack: string,
  env: Environment,
): Promise<{ readonly config: Stack; readonly access: ManagementAccess }> {
  const config = await readStack(stackName(stack), readStackFile(stackFile(stack, env)));
  const { auth0Domain: domain } = config.config;
  return { config, access: await requestAccess(await findCredentials({ stack, domain }, env)) };
}
