import {
  actionsApi,
  deployAndWait,
  readFlow,
  sameContent,
  waitForAction,
  type ActionContent,
  type ActionNow,
} from "../../auth0/actions-api.ts";
import { deployedFirst, putFirstBack } from "../../auth0/first-deployment.ts";
import type { ManagementAccess } from "../../auth0/management-token.ts";
import { ExpectedError } from "../../lib/errors.ts";
import type { ExpectedAction } from "./expected-action.ts";

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
 * @throws ExpectedError `action-missing`, `action-draft-differs`, `action-not-built`, `redeploy-lost` where another
 *   deployment came first (see `deployedFirst`), or what reading throws.
 */
export async function redeployAction(
  stack: string,
  expected: ExpectedAction,
  access: ManagementAccess,
): Promise<Redeployed> {
  const before = await readAction(stack, expected, access);
  const { id, draft, deployed, allChangesDeployed } = before;
  const isExpected = sameContent(expected, draft);
  if (allChangesDeployed && deployed !== undefined && isExpected && sameContent(expected, deployed)) {
    return { action: expected.name, version: deployed.number, changed: false };
  }
  const api = actionsApi(access);
  if (!isExpected) {
    const { runtime, dependencies } = expected;
    await api.changeDraft(id, { runtime, dependencies: [...dependencies], secrets: [] });
  }
  const wait = { until: ({ status }: ActionNow) => status === "built", giveUp: notBuilt };
  await waitForAction(api, id, wait, isExpected ? undefined : before);
  const after = await deployAndWait(api, before, () => api.deployDraft(id), {
    until: (now) =>
      now.allChangesDeployed && now.deployed !== undefined && sameContent(expected, now.deployed),
    giveUp: notBuilt,
  });
  if (after.deployed === undefined) throw new Error("What runs is deployed.");
  const isOwn = (version: ActionContent) => sameContent(expected, version);
  const own = { from: deployed?.number ?? 0, deployed: after.deployed, isOwn };
  const first = await deployedFirst(api, id, own);
  if (first === undefined) return { action: expected.name, version: after.deployed.number, changed: true };
  await putFirstBack(api, id, first, { isOwn, giveUp: notBuilt });
  throw lostTo(first.number, stack, expected);
}

function lostTo(number: number, stack: string, { name }: ExpectedAction): ExpectedError {
  const message =
    `Version ${number} of Action ${name} was deployed at the same moment, by another command or by hand, and before this one. So ` +
    `logins run its code again. Look at it with pictures drift --stack ${stack}.`;
  return new ExpectedError("redeploy-lost", message);
}

async function readAction(
  stack: string,
  { name, code }: ExpectedAction,
  access: ManagementAccess,
): Promise<ActionNow> {
  const { actions } = await readFlow(access, [name]);
  const [found] = actions;
  const up = `pulumi up --refresh --stack ${stack}`;
  if (found === undefined) {
    throw new ExpectedError("action-missing", `${access.domain} has no Action ${name}. Deploy it: ${up}.`);
  }
  if (found.draft.code === code) return found;
  const message = `The draft of Action ${name} is not the program's code, so it is not deployed. Check it with pictures drift --stack ${stack}, then: ${up}.`;
  throw new ExpectedError("action-draft-differs", message);
}

function notBuilt({ name, status }: ActionNow): ExpectedError {
  const message = `Action ${name} is ${status}, and its new version does not run. Check it in the dashboard, then run this again.`;
  return new ExpectedError("action-not-built", message);
}
