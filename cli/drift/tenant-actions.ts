import type * as Api from "../actions-api/action-version.ts";
import { readFlow } from "../actions-api/read-flow.ts";
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
 * Reads the Actions of these names and the Login flow, as `readFlow` does, in words that can be compared and shown.
 *
 * @throws ExpectedError `auth0-forbidden`, `auth0-failed` or `auth0-unreachable`.
 */
export async function readTenantFlow(
  access: ManagementAccess,
  names: readonly string[],
): Promise<TenantFlow> {
  const { actions, bound } = await readFlow(access, names);
  return { actions: actions.map(tenantAction), bound };
}

export function tenantAction({ draft, deployed, ...action }: Api.ActionNow): TenantAction {
  return {
    ...action,
    draft: content(draft),
    deployed: deployed === undefined ? undefined : { ...content(deployed), number: deployed.number },
  };
}

function content({ code, runtime, dependencies, secrets }: Api.ActionContent): ActionContent {
  return {
    code,
    runtime,
    dependencies: dependencies.map(({ name, version }) => `${name}@${version}`).sort(),
    secrets: secrets.map(({ name, updatedAt }) => `${name} (set ${updatedAt.slice(0, 19)})`).sort(),
  };
}
