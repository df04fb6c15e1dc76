import { managementClient } from "../management/management-client.ts";
import { managementFailure } from "../management/management-failure.ts";
import type { ManagementAccess } from "../management/request-access.ts";

/** A version of an Action, or its draft. */
export interface ActionContent {
  readonly code: string;
  readonly runtime: string;
  /** As `name@version`, sorted. */
  readonly dependencies: readonly string[];
  /** Name and time of the last change, sorted; Auth0 never gives values. */
  readonly secrets: readonly string[];
}

/** An Action as the tenant has it. */
export interface TenantAction {
  readonly id: string;
  readonly name: string;
  /** Of the draft's build: `pending`, `building`, `built`, `failed` … */
  readonly status: string;
  readonly draft: ActionContent;
  /** What logins run; undefined where nothing was ever deployed. */
  readonly deployed: (ActionContent & { readonly number: number }) | undefined;
  readonly allChangesDeployed: boolean;
}

export interface TenantFlow {
  /** Those of the names that exist. */
  readonly actions: readonly TenantAction[];
  /** The names of all Actions bound to the Login flow, in their order. */
  readonly bound: readonly string[];
}

/**
 * Reads the Actions of these names and the Login flow.
 *
 * @throws ExpectedError `auth0-forbidden`, `auth0-failed` or `auth0-unreachable`.
 */
export async function readTenantFlow(
  access: ManagementAccess,
  names: readonly string[],
): Promise<TenantFlow> {
  try {
    const { actions } = await managementClient(access);
    const found = await Promise.all(names.map((actionName) => actions.list({ actionName, per_page: 50 })));
    const { data: bindings } = await actions.triggers.bindings.list("post-login", { per_page: 50 });
    return {
      // Whether Auth0 matches the name as a whole or its start is [unknown].
      actions: found.flatMap(({ data }, index) =>
        data.filter(({ name }) => name === names[index]).map((action) => tenantAction(action as GivenAction)),
      ),
      bound: bindings.map(({ action, display_name: displayName }) => action?.name ?? displayName ?? ""),
    };
  } catch (error) {
    throw managementFailure(error, access.domain, "reading the Actions");
  }
}

/** What Auth0's SDK gives; every field is optional there. */
interface GivenContent {
  readonly code?: string;
  readonly runtime?: string;
  readonly dependencies?: readonly { readonly name?: string; readonly version?: string }[];
  readonly secrets?: readonly { readonly name?: string; readonly updated_at?: string }[];
}

export interface GivenAction extends GivenContent {
  readonly id?: string;
  readonly name?: string;
  readonly status?: string;
  readonly all_changes_deployed?: boolean;
  readonly deployed_version?: GivenContent & { readonly number?: number };
}

export function tenantAction(given: GivenAction): TenantAction {
  const { id = "", name = "", status = "", deployed_version: deployed } = given;
  return {
    id,
    name,
    status,
    draft: content(given),
    deployed: deployed === undefined ? undefined : { ...content(deployed), number: deployed.number ?? 0 },
    allChangesDeployed: given.all_changes_deployed === true,
  };
}

function content({ code = "", runtime = "", dependencies = [], secrets = [] }: GivenContent): ActionContent {
  return {
    code,
    runtime,
    dependencies: dependencies.map(({ name = "", version = "" }) => `${name}@${version}`).sort(),
    secrets: secrets.map(({ name = "", updated_at: at = "" }) => `${name} (set ${at.slice(0, 19)})`).sort(),
  };
}
