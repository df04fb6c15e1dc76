import { managementClient } from "./management-client.ts";
import { managementFailure } from "./management-failure.ts";
import type { ManagementAccess } from "./request-access.ts";

/** An Action as the tenant has it. */
export interface DeployedAction {
  readonly name: string;
  /** What a login runs; undefined where nothing was ever deployed. */
  readonly deployedCode: string | undefined;
  /** Whether somebody edited it since. */
  readonly draftDiffers: boolean;
}

export interface DeployedActions {
  /** Those of the names that exist. */
  readonly actions: readonly DeployedAction[];
  /** The names of all Actions in the Login flow, in their order, others' too. */
  readonly bound: readonly string[];
}

/**
 * Reads the Actions of these names and the Login flow: one request for each name and one for the flow.
 *
 * @throws ExpectedError `auth0-forbidden`, `auth0-failed` or `auth0-unreachable`.
 */
export async function readDeployedActions(
  access: ManagementAccess,
  names: readonly string[],
): Promise<DeployedActions> {
  try {
    const { actions } = await managementClient(access);
    const found = await Promise.all(names.map((actionName) => actions.list({ actionName, per_page: 50 })));
    const bindings = await actions.triggers.bindings.list("post-login", { per_page: 50 });
    return {
      // Whether Auth0 matches the name as a whole or its start is [unknown].
      actions: found.flatMap(({ data }) =>
        data.filter(({ name }) => names.includes(name ?? "")).map(readAction),
      ),
      bound: bindings.data.map(({ action, display_name: displayName }) => action?.name ?? displayName ?? ""),
    };
  } catch (error) {
    throw managementFailure(error, access.domain, "reading the Actions");
  }
}

function readAction(action: {
  readonly name?: string | undefined;
  readonly deployed_version?: { readonly code?: string | undefined } | undefined;
  readonly all_changes_deployed?: boolean | undefined;
}): DeployedAction {
  return {
    name: action.name ?? "",
    deployedCode: action.deployed_version?.code,
    draftDiffers: action.all_changes_deployed === false,
  };
}
