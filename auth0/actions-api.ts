import { setTimeout as sleep } from "node:timers/promises";
import { ExpectedError } from "../lib/errors.ts";
import { sha256 } from "../lib/hash.ts";
import { managementClient, managementFailure } from "./management-client.ts";
import type { ManagementAccess } from "./management-token.ts";

/** An npm module that an Action may require. */
interface ActionDependency {
  readonly name: string;
  readonly version: string;
}

/** The few calls of the Management API that work on versions of Actions; each is one request. */
export interface ActionsApi {
  /** @throws ExpectedError `action-missing`. */
  readonly find: (name: string) => Promise<ActionNow>;
  readonly read: (id: string) => Promise<ActionNow>;
  /** Newest first. */
  readonly versions: (id: string) => Promise<ActionVersion[]>;
  /**
   * Deploys a version again, as a new one, and makes it the draft. Does not wait until it runs.
   *
   * @returns The new version's number; infinity where Auth0 does not say it.
   */
  readonly deploy: (id: string, versionId: string) => Promise<number>;
  /** Leaves the code, and what runs, as they are. */
  readonly changeDraft: (id: string, change: DraftChange) => Promise<void>;
  /** Does not wait until it runs; the draft must be built. */
  readonly deployDraft: (id: string) => Promise<void>;
}

export interface DraftChange {
  readonly runtime: string;
  readonly dependencies: ActionDependency[];
  /** Empty: values that others set cannot be given again. */
  readonly secrets: [];
}

/** Auth0 keeps this many versions of an Action and deletes the oldest. */
export const keptVersions = 50;

/** @throws ExpectedError `auth0-forbidden`, `auth0-failed` or `auth0-unreachable` from each of its functions. */
export function actionsApi(access: ManagementAccess): ActionsApi {
  const ask = async <T>(doing: string, call: (sdk: Sdk) => Promise<T>): Promise<T> => {
    try {
      return await call((await managementClient(access)).actions);
    } catch (error) {
      throw managementFailure(error, access.domain, doing);
    }
  };
  return {
    find: async (name) => {
      const { data } = await ask(`looking for Action ${name}`, (sdk) =>
        sdk.list({ actionName: name, per_page: 50 }),
      );
      // Whether Auth0 matches the name as a whole or its start is [unknown].
      const found = data.find((action) => action.name === name);
      if (found !== undefined) return actionNow(found as GivenAction);
      const message = `${access.domain} has no Action ${name}. Deploy the stack first: pulumi up.`;
      throw new ExpectedError("action-missing", message);
    },
    read: async (id) =>
      actionNow((await ask("reading an Action", (sdk) => sdk.get(id))) as unknown as GivenAction),
    versions: async (id) => {
      const { data } = await ask("listing an Action's versions", (sdk) =>
        sdk.versions.list(id, { per_page: keptVersions }),
      );
      return (data as readonly GivenVersion[]).map(actionVersion).sort((a, b) => b.number - a.number);
    },
    deploy: async (id, versionId) => {
      const { number = Infinity } = await ask("deploying a version", (sdk) =>
        sdk.versions.deploy(id, versionId, { update_draft: true }),
      );
      return number;
    },
    changeDraft: async (id, change) => {
      await ask("changing the draft", (sdk) => sdk.update(id, change));
    },
    deployDraft: async (id) => {
      await ask("deploying the draft", (sdk) => sdk.deploy(id));
    },
  };
}

type Sdk = Awaited<ReturnType<typeof managementClient>>["actions"];

/** How long a build may take. Users of other tools see 30 to 45 seconds. */
export const longestBuildMs = 120_000;

/** Between two reads. */
const pausesMs = { first: 100, longest: 2000 };

interface ActionWait {
  /** Whether the Action is as wanted. */
  readonly until: (now: ActionNow) => boolean;
  /** The error where the build failed, or takes longer than `longestBuildMs`. */
  readonly giveUp: (now: ActionNow) => ExpectedError;
  /** Aborted: the waiting ends with its reason. */
  readonly signal?: AbortSignal;
  /** Another time than `longestBuildMs`. */
  readonly withinMs?: number;
}

/**
 * Reads an Action until it is as wanted.
 *
 * @param before The Action as it was: a draft whose build had failed then is given the time to be built anew.
 * @throws ExpectedError `giveUp`'s, the signal's reason, or what reading throws.
 */
export async function waitForAction(
  api: Pick<ActionsApi, "read">,
  id: string,
  { until, giveUp, signal, withinMs = longestBuildMs }: ActionWait,
  before?: ActionNow,
): Promise<ActionNow> {
  const end = Date.now() + withinMs;
  let hadFailed = before?.status === "failed";
  for (let pauseMs = pausesMs.first; ; pauseMs = Math.min(2 * pauseMs, pausesMs.longest)) {
    const now = await api.read(id);
    if (until(now)) return now;
    signal?.throwIfAborted();
    hadFailed &&= now.status === "failed";
    if ((now.status === "failed" && !hadFailed) || Date.now() > end) throw giveUp(now);
    // An abort ends the pause; the loop looks once more and then says why.
    await sleep(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

/**
 * Deploys, and waits until logins run another version than before that is as wanted. The id tells: the same code may have run
 * before, with other secrets.
 *
 * @param deploy Only asks for the deployment.
 * @throws ExpectedError as `waitForAction`, or what `deploy` throws.
 */
export async function deployAndWait(
  api: Pick<ActionsApi, "read">,
  before: ActionNow,
  deploy: () => Promise<unknown>,
  wait: ActionWait,
): Promise<ActionNow> {
  await deploy();
  const until = (now: ActionNow) => now.deployed?.id !== before.deployed?.id && wait.until(now);
  return waitForAction(api, before.id, { ...wait, until }, before);
}

/** An npm module that an Action may require. */
interface ActionDependency {
  readonly name: string;
  readonly version: string;
}

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
  /** Whether its build failed, so that no login ever ran it. */
  readonly isBroken: boolean;
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

/** Whether two versions do the same, except for the values of secrets, which cannot be read. */
export function sameContent(one: ActionContent, other: ActionContent): boolean {
  return contentKey(one) === contentKey(other);
}

function contentKey({ code, runtime, dependencies, secrets }: ActionContent): string {
  const values = secrets.map(({ name, updatedAt }) => `${name} ${updatedAt}`).sort();
  return JSON.stringify([code, runtime, moduleNames({ dependencies }), values]);
}

/** As `name@version`, sorted: their order says nothing. */
export function moduleNames({ dependencies }: Pick<ActionContent, "dependencies">): string[] {
  return dependencies.map(({ name, version }) => `${name}@${version}`).sort();
}

/** What Auth0's SDK gives; every field is optional there. */
interface GivenContent {
  readonly code?: string | undefined;
  readonly runtime?: string | undefined;
  readonly dependencies?: readonly { readonly name?: string; readonly version?: string }[] | undefined;
  readonly secrets?: readonly { readonly name?: string; readonly updated_at?: string }[] | undefined;
}

interface GivenVersion extends GivenContent {
  readonly id?: string | undefined;
  readonly number?: number | undefined;
  readonly created_at?: string | undefined;
  readonly status?: string | undefined;
}

interface GivenAction extends GivenContent {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly deployed_version?: GivenVersion | undefined;
  readonly all_changes_deployed?: boolean | undefined;
}

function actionNow(given: GivenAction): ActionNow {
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

function actionVersion(given: GivenVersion): ActionVersion {
  const { id = "", number = 0, created_at: createdAt = "", status = "" } = given;
  return { ...content(given), id, number, createdAt, isBroken: status.toLowerCase() === "failed" };
}

function content({ code = "", runtime = "", dependencies = [], secrets = [] }: GivenContent): ActionContent {
  return {
    code,
    codeHash: sha256(code),
    runtime,
    dependencies: dependencies.map(({ name = "", version = "" }) => ({ name, version })),
    secrets: secrets.map(({ name = "", updated_at: updatedAt = "" }) => ({ name, updatedAt })),
  };
}

/** The Actions of some names, and the Login flow. */
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
