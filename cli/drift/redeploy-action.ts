import { setTimeout as sleep } from "node:timers/promises";
import { actionsApi } from "../../auth0/actions-api.ts";
import type { ManagementAccess } from "../../auth0/management-token.ts";
import { ExpectedError } from "../../lib/errors.ts";
import {
  readTenantFlow,
  sameAsExpected,
  tenantAction,
  type ExpectedAction,
  type TenantAction,
} from "./expected-action.ts";

/** How long a build may take: users of other tools see up to 45 s. In milliseconds. */
const buildTimeoutMs = 180_000;
const firstPauseMs = 200;
const longestPauseMs = 3000;

export interface Redeployed {
  readonly action: string;
  /** The number of the version that runs now. */
  readonly version: number;
  /** Whether anything had to be done. */
  readonly changed: boolean;
}

/**
 * Deploys an Action's draft again, after taking from it what the program does not give it, and waits until it runs. It is
 * for a draft that has the program's code: any other is a matter of `pulumi up`, with its guards.
 *
 * @throws ExpectedError `action-missing`, `action-draft-differs`, `action-not-built`, or what reading throws.
 */
export async function redeployAction(
  stack: string,
  expected: ExpectedAction,
  access: ManagementAccess,
): Promise<Redeployed> {
  const before = await readAction(stack, expected, access);
  const { id, draft, deployed, allChangesDeployed } = before;
  if (
    allChangesDeployed &&
    deployed !== undefined &&
    sameAsExpected(expected, draft) &&
    sameAsExpected(expected, deployed)
  ) {
    return { action: expected.name, version: deployed.number, changed: false };
  }
  const api = actionsApi(access);
  const read = async () => tenantAction(await api.read(id));
  if (!sameAsExpected(expected, draft)) {
    await api.changeDraft(id, { runtime: expected.runtime, dependencies: modules(expected), secrets: [] });
  }
  await reached(expected, read, ({ status }) => status === "built");
  await api.deployDraft(id);
  const after = await reached(
    expected,
    read,
    (now) => now.allChangesDeployed && now.deployed !== undefined && sameAsExpected(expected, now.deployed),
  );
  return { action: expected.name, version: after.deployed?.number ?? 0, changed: true };
}

/** From `name@version`; a name may begin with an @ of its own. */
function modules({ dependencies }: ExpectedAction): { name: string; version: string }[] {
  return dependencies.map((module) => {
    const at = module.lastIndexOf("@");
    return { name: module.slice(0, at), version: module.slice(at + 1) };
  });
}

async function readAction(
  stack: string,
  { name, code }: ExpectedAction,
  access: ManagementAccess,
): Promise<TenantAction> {
  const { actions } = await readTenantFlow(access, [name]);
  const [found] = actions;
  const up = `pulumi up --refresh --stack ${stack}`;
  if (found === undefined) {
    throw new ExpectedError("action-missing", `${access.domain} has no Action ${name}. Deploy it: ${up}.`);
  }
  if (found.draft.code === code) return found;
  const message = `The draft of Action ${name} is not the program's code, so it is not deployed. Check it with pictures drift --stack ${stack}, then: ${up}.`;
  throw new ExpectedError("action-draft-differs", message);
}

/** Polls until the Action is as wanted. */
async function reached(
  { name }: ExpectedAction,
  read: () => Promise<TenantAction>,
  isReached: (now: TenantAction) => boolean,
): Promise<TenantAction> {
  const end = Date.now() + buildTimeoutMs;
  for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, longestPauseMs)) {
    const now = await read();
    if (isReached(now)) return now;
    if (now.status === "failed" || Date.now() > end) {
      const message = `Action ${name} is ${now.status}, and its new version does not run. Check it in the dashboard, then run this again.`;
      throw new ExpectedError("action-not-built", message);
    }
    await sleep(pause);
  }
}
