import { managementClient } from "../management/management-client.ts";
import { managementFailure } from "../management/management-failure.ts";
import type { ManagementAccess } from "../management/request-access.ts";
import { actionNow, type ActionNow, type GivenAction } from "./action-version.ts";

export interface FlowNow {
  /** Those of the names that exist. */
  readonly actions: readonly ActionNow[];
  /** The names of all Actions in the Login flow, in their order, others' too. */
  readonly bound: readonly string[];
}

/**
 * Reads the Actions of these names and the Login flow: one request for each name and one for the flow.
 *
 * @throws ExpectedError `auth0-forbidden`, `auth0-failed` or `auth0-unreachable`.
 */
export async function readFlow(access: ManagementAccess, names: readonly string[]): Promise<FlowNow> {
  try {
    const { actions } = await managementClient(access);
    const found = await Promise.all(names.map((actionName) => actions.list({ actionName, per_page: 50 })));
    const { data: bindings } = await actions.triggers.bindings.list("post-login", { per_page: 50 });
    return {
      // Whether Auth0 matches the name as a whole or its start is [unknown].
      actions: found.flatMap(({ data }, index) =>
        data.filter(({ name }) => name === names[index]).map((action) => actionNow(action as GivenAction)),
      ),
      bound: bindings.map(({ action, display_name: displayName }) => action?.name ?? displayName ?? ""),
    };
  } catch (error) {
    throw managementFailure(error, access.domain, "reading the Actions");
  }
}
