import type { ExpectedError } from "../lib/errors.ts";
import {
  deployAndWait,
  type ActionContent,
  type ActionNow,
  type ActionsApi,
  type ActionVersion,
} from "./actions-api.ts";

/**
 * Who deployed first. Auth0 deploys without a condition ("only if version 3 still runs"): of two commands that planned from
 * the same version on two machines, the later one replaces what the earlier one has just deployed, and both find their own code
 * running when they look. But it numbers the versions. So the first one wins: who finds that another deployment came between
 * what was planned from and its own has lost, and puts that one back.
 */
export interface OwnDeployment {
  /** The number of the version that ran when it was planned. */
  readonly from: number;
  /** What runs now. */
  readonly deployed: ActionVersion;
  readonly isOwn: (version: ActionContent) => boolean;
}

/** The version that another one deployed first; undefined where this deployment was the first, or has the same content. */
export async function deployedFirst(
  api: Pick<ActionsApi, "versions">,
  actionId: string,
  { from, deployed, isOwn }: OwnDeployment,
): Promise<ActionVersion | undefined> {
  if (deployed.number <= from + 1) return undefined;
  const later = (await api.versions(actionId)).filter(({ number, isBroken }) => number > from && !isBroken);
  const first = later.at(-1);
  return first === undefined || isOwn(first) ? undefined : first;
}

/**
 * Deploys the first one's version again, and waits until logins run it. What a third one has deployed meanwhile stays.
 *
 * @throws What the API throws, and `giveUp`'s error as `waitForAction` does.
 */
export async function putFirstBack(
  api: ActionsApi,
  actionId: string,
  first: ActionVersion,
  { isOwn, giveUp }: Pick<OwnDeployment, "isOwn"> & { readonly giveUp: (now: ActionNow) => ExpectedError },
): Promise<void> {
  const now = await api.read(actionId);
  if (now.deployed === undefined || !isOwn(now.deployed)) return;
  await deployAndWait(api, now, () => api.deploy(actionId, first.id), {
    until: ({ deployed }) => deployed?.codeHash === first.codeHash,
    giveUp,
  });
}
