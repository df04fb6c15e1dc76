import { setTimeout as delay } from "node:timers/promises";
import { ExpectedError } from "../../infra/expected-error.ts";
import type { ActionsApi } from "../actions-api/actions-api.ts";
import type { ActionNow, ActionVersion } from "../actions-api/action-version.ts";
import type { KnownVersion, RollbackStep } from "./unfinished-rollback.ts";

/** Users of other tools see builds of 30 to 45 seconds. */
const longestMs = 120_000;
const firstWaitMs = 100;
const longestWaitMs = 2000;

/** What a step came to. */
export interface Reached {
  readonly deployed: ActionVersion;
  /** Whether the draft is the same; it is not where Auth0 did not update it. */
  readonly draftAgrees: boolean;
}

/**
 * Deploys a step's target, with the draft, unless it runs already, and waits until the tenant says that it runs.
 *
 * @param known The Action as it was read just before; it is read where this is left out.
 * @throws ExpectedError `rollback-not-live`, or what the API throws.
 */
export async function reachVersion(
  api: ActionsApi,
  { actionId, from, target }: RollbackStep,
  known?: ActionNow,
): Promise<Reached> {
  const before = known ?? (await api.read(actionId));
  if (before.allChangesDeployed && runs(before, from, target)) return reached(before, target);
  await api.deploy(actionId, target.id);
  const end = Date.now() + longestMs;
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    const now = await api.read(actionId);
    // Another id: the same code may have run before, with other secrets.
    if (now.deployed?.id !== before.deployed?.id && runs(now, from, target)) return reached(now, target);
    if (Date.now() > end) throw notLive(now, target);
    await delay(waitMs);
  }
}

/** Whether a login runs the target, since a rollback that was interrupted or from the beginning. */
function runs({ deployed }: ActionNow, from: KnownVersion, target: KnownVersion): boolean {
  if (deployed?.codeHash !== target.codeHash) return false;
  return deployed.id !== from.id || deployed.id === target.id;
}

function reached({ deployed, draft }: ActionNow, target: KnownVersion): Reached {
  if (deployed === undefined) throw new Error("What runs is deployed.");
  return { deployed, draftAgrees: draft.codeHash === target.codeHash };
}

function notLive({ name, deployed, status }: ActionNow, target: KnownVersion): ExpectedError {
  const message =
    `Auth0 was asked to deploy version ${target.number} of Action ${name}, but after ${longestMs / 1000} seconds version ` +
    `${deployed?.number ?? 0} runs, with other code (draft: ${status}). Look at the Action in the dashboard, then run the same again.`;
  return new ExpectedError("rollback-not-live", message);
}
