import { actionsApi, type ActionsApi } from "../../auth0/actions-api.ts";
import { requestAccess, type ManagementAccess } from "../../auth0/management-token.ts";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { pinFiles, type PinFiles } from "../../stack/pins.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { readStackFile, stackFile, stackName } from "../../stack/stack-file.ts";
import { findCredentials } from "../pulumi/stack-tenant.ts";

/** A stack's Actions and pins. */
export interface StackActions {
  readonly api: ActionsApi;
  readonly access: ManagementAccess;
  readonly files: PinFiles;
}

/**
 * The Management API of a stack's tenant; with credentials in variables, neither Pulumi nor its backend is needed.
 *
 * @throws ExpectedError `tenant-not-named`, or what finding and using the credentials throws.
 */
export async function stackActions(stack: string, env: Environment): Promise<StackActions> {
  const domain = readStackFile(stackFile(stack, env))[`${configNamespace}:auth0Domain`];
  if (domain === undefined || domain === "") {
    const message = `${stackFile(stack, env)} names no tenant: set auth0Domain.`;
    throw new ExpectedError("tenant-not-named", message);
  }
  const access = await requestAccess(await findCredentials({ stack, domain }, env));
  return { api: actionsApi(access), access, files: pinFiles(stackName(stack), env) };
}
