import { ExpectedError } from "../../infra/expected-error.ts";
import type { PinFiles } from "../../infra/pin-files.ts";
import type { PinRecord } from "../../infra/pin.ts";
import { readBundleHeader } from "../../infra/bundle-header.ts";
import type { ActionsApi } from "../actions-api/actions-api.ts";
import type { ActionNow } from "../actions-api/action-version.ts";
import { codeHash } from "../../infra/code-hash.ts";
import { sourceCode, type ProgramNow } from "./source-code.ts";
import { reachVersion, type Reached } from "./reach-version.ts";
import {
  removeUnfinished,
  writeUnfinished,
  type RollbackStep,
  type UnfinishedRollback,
} from "./unfinished-rollback.ts";
import { writePin } from "./write-pin.ts";

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
            codeHash: codeHash(source),
            sourceHash: readBundleHeader(source)?.sourceHash ?? "",
          },
        }),
  };
  writePin(files, action, deployed.code, record);
}

/** Puts back what was changed; the error to report. A tenant that nobody changed leaves nothing to finish. */
async function undone(
  { steps }: UnfinishedRollback,
  { api, files }: RollbackSurroundings,
  cause: unknown,
): Promise<unknown> {
  if (!(cause instanceof ExpectedError)) return cause;
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) {
    // Whether the deployment had its effect is asked: an answer may have been lost. If nobody answers, the note stays.
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
      `${cause.message} Putting back failed too, for ${failures.join(", ")}. Some Actions are rolled back and others ` +
      "are not: run the same command again.";
    return new ExpectedError("rollback-half-done", message, { cause });
  }
  removeUnfinished(files);
  return new ExpectedError("rollback-put-back", `${cause.message} All Actions run what they ran before.`, {
    cause,
  });
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
