import {
  deployAndWait,
  type ActionNow,
  type ActionsApi,
  type ActionVersion,
} from "../../auth0/actions-api.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { sha256 } from "../../lib/hash.ts";
import { readBundleHeader } from "../../stack/actions.ts";
import type { PinFiles, PinRecord } from "../../stack/pins.ts";
import { sourceCode, type ProgramNow } from "./program-now.ts";
import {
  removeUnfinished,
  writePin,
  writeUnfinished,
  type KnownVersion,
  type RollbackStep,
  type UnfinishedRollback,
} from "./unfinished-rollback.ts";

export interface RollbackSurroundings {
  readonly api: ActionsApi;
  readonly files: PinFiles;
  /** Asked only when the old code runs: building it takes a part of the time that counts. */
  readonly program: () => Promise<ProgramNow>;
  /** The Actions as they were read just before, by name; none after an interruption. */
  readonly known: ReadonlyMap<string, ActionNow>;
  /** Told when logins run the targets. */
  readonly live: () => void;
  readonly now: () => Date;
}

export type FinishedStep = RollbackStep & Reached;

/**
 * Rolls back, verifies and pins, all or nothing. What is about to be done is written down first, so that whoever is
 * killed here can go on.
 *
 * @throws ExpectedError `rollback-put-back` (all run what they ran before), `rollback-half-done`, or, for a single
 *   Action, what stopped it.
 */
export async function carryOut(
  rollback: UnfinishedRollback,
  surroundings: RollbackSurroundings,
): Promise<FinishedStep[]> {
  const { api, files, known } = surroundings;
  writeUnfinished(files, rollback);
  const finished: FinishedStep[] = [];
  try {
    for (const step of rollback.steps) {
      finished.push({ ...step, ...(await reachVersion(api, step, known.get(step.action))) });
    }
  } catch (error) {
    throw await undone(rollback, surroundings, error);
  }
  surroundings.live();
  const program = await surroundings.program();
  for (const step of finished) pin(step, program, surroundings);
  removeUnfinished(files);
  return finished;
}

function pin(
  { action, from, target, deployed }: FinishedStep,
  program: ProgramNow,
  { files, now }: RollbackSurroundings,
): void {
  const source = sourceCode(program, action);
  const record: PinRecord = {
    version: target.number,
    codeHash: deployed.codeHash,
    runtime: deployed.runtime,
    dependencies: deployed.dependencies,
    pinnedAt: now().toISOString(),
    deployed: { id: deployed.id, number: deployed.number },
    replaced: { number: from.number, codeHash: from.codeHash },
    ...(source === undefined
      ? {}
      : {
          program: {
            codeHash: sha256(source),
            sourceHash: readBundleHeader(source)?.sourceHash ?? "",
          },
        }),
  };
  writePin(files, action, deployed.code, record);
}

/** Puts back what was changed; the error to report. If the tenant was not changed, there is nothing to finish. */
async function undone(
  { steps }: UnfinishedRollback,
  { api, files }: RollbackSurroundings,
  cause: unknown,
): Promise<unknown> {
  if (!(cause instanceof ExpectedError)) return cause;
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) {
    // It asks whether the deployment took effect: an answer may have been lost. Without an answer, the note stays.
    if (await isUntouched(api, only).catch(() => false)) removeUnfinished(files);
    return cause;
  }
  const failures: string[] = [];
  for (const step of steps) {
    try {
      await putBack(api, step);
    } catch (error) {
      failures.push(`${step.action} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  if (failures.length > 0) {
    const message =
      `${cause.message} Restoring failed too, for ${failures.join(", ")}. Some Actions are rolled back and others ` +
      "are not: run the same command again.";
    return new ExpectedError("rollback-half-done", message, { cause });
  }
  removeUnfinished(files);
  return new ExpectedError(
    "rollback-put-back",
    `${cause.message} All Actions run the same versions as before.`,
    {
      cause,
    },
  );
}

async function isUntouched(api: ActionsApi, { actionId, from }: RollbackStep): Promise<boolean> {
  return (await api.read(actionId)).deployed?.id === from.id;
}

async function putBack(api: ActionsApi, step: RollbackStep): Promise<void> {
  const now = await api.read(step.actionId);
  if (now.deployed?.id === step.from.id) return;
  const { id, number, codeHash: hash } = now.deployed ?? { id: "", number: 0, codeHash: "" };
  const from = { id, number, codeHash: hash };
  await reachVersion(api, { ...step, from, target: step.from }, now);
}

/** What a step came to. */
interface Reached {
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
async function reachVersion(
  api: ActionsApi,
  { actionId, from, target }: RollbackStep,
  known?: ActionNow,
): Promise<Reached> {
  const before = known ?? (await api.read(actionId));
  if (before.allChangesDeployed && runs(before, from, target)) return reached(before, target);
  const now = await deployAndWait(api, before, () => api.deploy(actionId, target.id), {
    until: (action) => runs(action, from, target),
    giveUp: (action) => notLive(action, target),
  });
  return reached(now, target);
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
    `Auth0 was asked to deploy version ${target.number} of Action ${name}, but version ${deployed?.number ?? 0} ` +
    `runs, with other code (draft: ${status}). Check the Action in the dashboard, then run the same command again.`;
  return new ExpectedError("rollback-not-live", message);
}
