import { codeHash } from "../../infra/code-hash.ts";
import type { ActionDependency } from "../../infra/pin.ts";

/** A version of an Action at Auth0, or its draft. */
export interface ActionContent {
  readonly code: string;
  /** SHA-256 of the code, in hexadecimal. */
  readonly codeHash: string;
  readonly runtime: string;
  readonly dependencies: readonly ActionDependency[];
  /** Auth0 never gives their values. */
  readonly secrets: readonly { readonly name: string; readonly updatedAt: string }[];
}

export interface ActionVersion extends ActionContent {
  readonly id: string;
  /** Counts from 1 for each Action. */
  readonly number: number;
  /** ISO 8601, UTC; empty where Auth0 does not say. */
  readonly createdAt: string;
}

/** An Action as the tenant has it now. */
export interface ActionNow {
  readonly id: string;
  readonly name: string;
  readonly draft: ActionContent;
  /** Of the draft: `pending`, `building`, `built`, `failed` … */
  readonly status: string;
  /** What logins run; undefined where nothing was ever deployed. */
  readonly deployed: ActionVersion | undefined;
  /** Whether the draft is what is deployed. */
  readonly allChangesDeployed: boolean;
}

/** Whether two versions do the same, but for the values of secrets, which nobody can read. */
export function sameContent(one: ActionContent, other: ActionContent): boolean {
  return contentKey(one) === contentKey(other);
}

function contentKey({ code, runtime, dependencies, secrets }: ActionContent): string {
  const modules = dependencies.map(({ name, version }) => `${name}@${version}`).sort();
  const values = secrets.map(({ name, updatedAt }) => `${name} ${updatedAt}`).sort();
  return JSON.stringify([code, runtime, modules, values]);
}

/** What Auth0's SDK gives; every field is optional there. */
interface GivenContent {
  readonly code?: string | undefined;
  readonly runtime?: string | undefined;
  readonly dependencies?: readonly { readonly name?: string; readonly version?: string }[] | undefined;
  readonly secrets?: readonly { readonly name?: string; readonly updated_at?: string }[] | undefined;
}

export interface GivenVersion extends GivenContent {
  readonly id?: string | undefined;
  readonly number?: number | undefined;
  readonly created_at?: string | undefined;
}

export interface GivenAction extends GivenContent {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly deployed_version?: GivenVersion | undefined;
  readonly all_changes_deployed?: boolean | undefined;
}

export function actionNow(given: GivenAction): ActionNow {
  const { id = "", name = "", status = "", deployed_version: deployed } = given;
  return {
    id,
    name,
    status,
    draft: content(given),
    deployed: deployed === undefined ? undefined : actionVersion(deployed),
    allChangesDeployed: given.all_changes_deployed === true,
  };
}

export function actionVersion(given: GivenVersion): ActionVersion {
  const { id = "", number = 0, created_at: createdAt = "" } = given;
  return { ...content(given), id, number, createdAt };
}

function content({ code = "", runtime = "", dependencies = [], secrets = [] }: GivenContent): ActionContent {
  return {
    code,
    codeHash: codeHash(code),
    runtime,
    dependencies: dependencies.map(({ name = "", version = "" }) => ({ name, version })),
    secrets: secrets.map(({ name = "", updated_at: updatedAt = "" }) => ({ name, updatedAt })),
  };
}
