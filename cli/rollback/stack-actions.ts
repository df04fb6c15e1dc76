import { actionsApi, type ActionsApi } from "../../auth0/actions-api.ts";
import type { ManagementAccess } from "../../auth0/management-token.ts";
import type { Environment } from "../../lib/environment.ts";
import { pinFiles, type PinFiles } from "../../stack/pins.ts";
import { stackName } from "../../stack/stack-file.ts";
import { openTenant } from "../pulumi/stack-tenant.ts";

/** A stack's Actions and pins. */
export interface StackActions {
  readonly api: ActionsApi;
  readonly access: ManagementAccess;
  readonly files: PinFiles;
}

/**
 * The Actions of a stack's tenant; with credentials in variables, neither Pulumi nor its backend is needed.
 *
 * @throws ExpectedError as `openTenant` does.
 */
export async function stackActions(stack: string, env: Environment): Promise<StackActions> {
  const access = await openTenant(stack, env);
  return { api: actionsApi(access), access, files: pinFiles(stackName(stack), env) };
}
