import { readStackFile } from "../../infra/read-stack-file.ts";
import { configNamespace } from "../../infra/read-config.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { pinFiles, type PinFiles } from "../../infra/pin-files.ts";
import { actionsApi, type ActionsApi } from "../actions-api/actions-api.ts";
import { findCredentials } from "../credentials/find-credentials.ts";
import type { Environment } from "../environment.ts";
import { requestAccess, type ManagementAccess } from "../management/request-access.ts";
import { stackFile, stackName } from "../stack-file.ts";

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
