import type * as Api from "../../auth0/actions-api.ts";
import { readFlow } from "../../auth0/actions-api.ts";
import type { ManagementAccess } from "../../auth0/management-token.ts";
import type { Environment } from "../../lib/environment.ts";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { pinFindings, type PinFinding } from "../../stack/pin-findings.ts";
import { pinFiles, programActions, readPins } from "../../stack/pins.ts";
import type { Stack } from "../../stack/read-stack.ts";
import { stackName } from "../../stack/stack-file.ts";

/** An Action as a run of the program would deploy it. It has no secrets. */
export interface ExpectedAction extends Pick<ActionContent, "code" | "runtime" | "dependencies"> {
  readonly name: string;
}

export interface ExpectedActions {
  /** In the order of the Login flow. */
  readonly actions: readonly ExpectedAction[];
  /** Those of them that are pinned to an older version. */
  readonly pinned: readonly PinFinding[];
}

/**
 * The program's Actions: from the source, a pinned one from its pin.
 *
 * @throws ExpectedError `rollback-unfinished` or `pin-broken`.
 */
export function expectedActions(stack: string, { settings }: Stack, env: Environment): ExpectedActions {
  const sources = bundleActions(settings);
  const { pins } = readPins(pinFiles(stackName(stack), env));
  const actions = programActions(sources, pins).map(({ name, code, runtime, dependencies }) => ({
    name,
    code,
    runtime,
    dependencies: dependencies.map((module) => `${module.name}@${module.version}`).sort(),
  }));
  return { actions, pinned: pinFindings(sources, pins) };
}

/** Whether a version or a draft is exactly what a run would deploy. */
export function sameAsExpected(expected: ExpectedAction, found: ActionContent): boolean {
  const { code, runtime, dependencies, secrets } = found;
  return (
    code === expected.code &&
    runtime === expected.runtime &&
    dependencies.join() === expected.dependencies.join() &&
    secrets.length === 0
  );
}

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
