import {
  deployAndWait,
  waitForAction,
  type ActionContent,
  type ActionNow,
  type ActionsApi,
  type ActionVersion,
} from "../../auth0/actions-api.ts";
import { deployedFirst, putFirstBack } from "../../auth0/first-deployment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { sha256 } from "../../lib/hash.ts";
import { readBundleHeader } from "../../stack/actions.ts";
import type { PinFiles, PinRecord } from "../../stack/pins.ts";
import { sourceCode, type ProgramNow } from "./program-now.ts";
import {
  knownVersion,
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
  /** How long a later deployment may run before this one has lost; 20 seconds where it is left out. */
  readonly overtakenMs?: number;
}

export type FinishedStep = RollbackStep & Reached;

/**
 * Rolls back, verifies and pins, all or nothing. What is about to be done is written down first, so that whoever is
 * killed here can go on. Of two rollbacks at once that share no lock, on two machines, the one that deployed first stays, and
 * the other one takes itself back: see `deployedFirst`.
 *
 * @throws ExpectedError `rollback-lost` (another deployment stays, and nothing is pinned), `rollback-put-back` (all run what
 *   they ran before), `rollback-half-done`, or, for a single Action, what stopped it.
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
      const reached = await reachVersion(surroundings, step, known.get(step.action));
      await requireFirst(api, step, reached.deployed);
      finished.push({ ...step, ...reached });
    }
  } catch (error) {
    throw await undone(rollback, surroundings, error);
  }
  surroundings.live();
  const program = await surroundings.program();
  const unpins = finished.map((step) => pin(step, program, surroundings));
  try {
    for (const step of finished) await untilItRuns(surroundings, step);
  } catch (error) {
    if (!isLost(error)) throw error;
    for (const unpin of unpins) unpin();
    throw await undone(rollback, surroundings, error);
  }
  removeUnfinished(files, rollback);
  return finished;
}

/** @throws ExpectedError `rollback-lost` where another deployment came first, which runs again then. */
async function requireFirst(api: ActionsApi, step: RollbackStep, deployed: ActionVersion): Promise<void> {
  const { actionId, action, from, target } = step;
  const isOwn = ({ codeHash }: ActionContent) => codeHash === target.codeHash;
  const first = await deployedFirst(api, actionId, { from: from.number, deployed, isOwn });
  if (first === undefined) return;
  await putFirstBack(api, actionId, first, { isOwn, giveUp: () => notPutBack(action, first) });
  throw new ExpectedError(
    "rollback-lost",
    `Version ${first.number} of Action ${action} was deployed at the same moment, by another command or by hand, and before this ` +
      `rollback. So this one was taken back, and logins run the code of version ${first.number}. Look at it ` +
      `(pictures versions ${action}), then roll back again if that is still needed.`,
  );
}

function notPutBack(action: string, { number }: ActionVersion): ExpectedError {
  const message =
    `Version ${number} of Action ${action} was deployed at the same moment, and before this rollback, but it does not run again: ` +
    "logins run the code of this rollback, which is not pinned. Run the same command again.";
  return new ExpectedError("rollback-half-done", message);
}

/** Long enough for who deployed later, and has lost, to put this one's version back: see `deployedFirst`. */
const overtakenMs = 20_000;

/** @throws ExpectedError `rollback-lost` where other code goes on running. */
async function untilItRuns(
  { api, overtakenMs: withinMs = overtakenMs }: Pick<RollbackSurroundings, "api" | "overtakenMs">,
  { action, actionId, target }: RollbackStep,
): Promise<ActionNow> {
  const until = ({ deployed }: ActionNow) => deployed?.codeHash === target.codeHash;
  return waitForAction(api, actionId, { until, giveUp: (now) => overtaken(now, action), withinMs });
}

function overtaken({ deployed }: ActionNow, action: string): ExpectedError {
  const message =
    `Right after this rollback, version ${deployed?.number ?? 0} of Action ${action} was deployed by something else, with other ` +
    `code, and logins run that. Nothing is pinned. Find out what it was (pictures versions ${action}), then roll back again.`;
  return new ExpectedError("rollback-lost", message);
}

function isLost(error: unknown): boolean {
  return error instanceof ExpectedError && error.code === "rollback-lost";
}

function pin(
  { action, from, target, deployed }: FinishedStep,
  program: ProgramNow,
  { files, now }: RollbackSurroundings,
): () => void {
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
  return writePin(files, action, deployed.code, record);
}

/** Puts back what was changed; the error to report. If the tenant was not changed, there is nothing to finish. */
async function undone(
  rollback: UnfinishedRollback,
  { api, files }: RollbackSurroundings,
  cause: unknown,
): Promise<unknown> {
  if (!(cause instanceof ExpectedError)) return cause;
  const { steps } = rollback;
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) {
    // It asks whether the deployment took effect: an answer may have been lost. Without an answer, the note stays.
    const isOver = isLost(cause) || (await isUntouched(api, only).catch(() => false));
    if (isOver) removeUnfinished(files, rollback);
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
  removeUnfinished(files, rollback);
  const [code, rest] = isLost(cause)
    ? ["rollback-lost", "The other Actions run"]
    : ["rollback-put-back", "All Actions run"];
  return new ExpectedError(code, `${cause.message} ${rest} the same versions as before.`, { cause });
}

async function isUntouched(api: ActionsApi, { actionId, from }: RollbackStep): Promise<boolean> {
  return (await api.read(actionId)).deployed?.id === from.id;
}

async function putBack(api: ActionsApi, step: RollbackStep): Promise<void> {
  const now = await api.read(step.actionId);
  const { deployed } = now;
  // What others deployed is theirs.
  const isOurs = deployed?.codeHash === step.target.codeHash && deployed.id !== step.from.id;
  if (isOurs) await reachVersion({ api }, { ...step, from: knownVersion(deployed), target: step.from }, now);
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
 * @throws ExpectedError `rollback-not-live`, `rollback-lost`, or what the API throws.
 */
async function reachVersion(
  surroundings: Pick<RollbackSurroundings, "api" | "overtakenMs">,
  step: RollbackStep,
  known?: ActionNow,
): Promise<Reached> {
  const { api } = surroundings;
  const { actionId, from, target } = step;
  const before = known ?? (await api.read(actionId));
  if (before.allChangesDeployed && runs(before, from, target)) return reached(before, target);
  let number = Infinity;
  const deploy = async () => {
    number = await api.deploy(actionId, target.id);
  };
  const isOvertaken = ({ deployed }: ActionNow) => deployed !== undefined && deployed.number > number;
  const now = await deployAndWait(api, before, deploy, {
    until: (action) => runs(action, from, target) || isOvertaken(action),
    giveUp: (action) => notLive(action, from, target),
  });
  return reached(runs(now, from, target) ? now : await untilItRuns(surroundings, step), target);
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

function notLive(now: ActionNow, from: KnownVersion, target: KnownVersion): ExpectedError {
  const { name, deployed, status } = now;
  if (deployed !== undefined && deployed.id !== from.id) return overtaken(now, name);
  const message =
    `Auth0 was asked to deploy version ${target.number} of Action ${name}, but version ${deployed?.number ?? 0} ` +
    `runs, with other code (draft: ${status}). Check the Action in the dashboard, then run the same command again.`;
  return new ExpectedError("rollback-not-live", message);
}
