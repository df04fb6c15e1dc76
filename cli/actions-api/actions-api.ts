import { ExpectedError } from "../../infra/expected-error.ts";
import type { ActionDependency } from "../../infra/pin.ts";
import { managementClient } from "../management/management-client.ts";
import { managementFailure } from "../management/management-failure.ts";
import type { ManagementAccess } from "../management/request-access.ts";
import {
  actionNow,
  actionVersion,
  type ActionNow,
  type ActionVersion,
  type GivenAction,
  type GivenVersion,
} from "./action-version.ts";

/** The few calls of the Management API that work on versions of Actions; each is one request. */
export interface ActionsApi {
  /** @throws ExpectedError `action-missing`. */
  readonly find: (name: string) => Promise<ActionNow>;
  readonly read: (id: string) => Promise<ActionNow>;
  /** Newest first. */
  readonly versions: (id: string) => Promise<ActionVersion[]>;
  /** Deploys a version again, as a new one, and makes it the draft. Does not wait until it runs. */
  readonly deploy: (id: string, versionId: string) => Promise<void>;
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
      await ask("deploying a version", (sdk) => sdk.versions.deploy(id, versionId, { update_draft: true }));
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
