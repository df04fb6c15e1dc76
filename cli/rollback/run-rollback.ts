import { actionList } from "../../infra/action-list.ts";
import { actionNamed } from "../actions-api/action-name.ts";
import type { CommandReport } from "../command-report.ts";
import { confirm } from "../confirm.ts";
import type { Environment } from "../environment.ts";
import type { RunPulumi } from "../pulumi/run-pulumi.ts";
import { UsageError } from "../usage-error.ts";
import { carryOut } from "./carry-out.ts";
import { commitSources } from "./commit-sources.ts";
import { describeRollback, rollbackDocument } from "./describe-rollback.ts";
import { planOne, planToSource, type PlannedStep } from "./plan-rollback.ts";
import type { ProgramNow } from "./source-code.ts";
import { refreshActions } from "./refresh-actions.ts";
import { stackActions, type StackActions } from "./stack-actions.ts";
import { readUnfinished, resumes, type UnfinishedRollback } from "./unfinished-rollback.ts";

/** What the command line asks for. */
export interface RollbackRequest {
  readonly stack: string;
  readonly action: string | undefined;
  readonly to: number | undefined;
  readonly all: boolean;
  readonly toSource: string | undefined;
  readonly yes: boolean;
  readonly env: Environment;
  /** Tells people what is going on; not part of the result. */
  readonly say: (line: string) => void;
  /** What the sources give now. Asked last, and loaded then: until it is, logins wait for the old code. */
  readonly program: () => Promise<ProgramNow>;
  /** When the command began, on `performance`'s clock. */
  readonly startedAt: number;
  /** Another `pulumi` than the PATH's. */
  readonly pulumi?: RunPulumi;
  /** Another repository than this one's, for `toSource`. */
  readonly repository?: string;
}

/**
 * Rolls back, pins and refreshes.
 *
 * @throws UsageError where the request contradicts itself; ExpectedError for whatever fails.
 */
export async function runRollback(request: RollbackRequest): Promise<CommandReport> {
  const { stack, env, say, startedAt, program } = request;
  const names = requestedActions(request);
  const tenant = await stackActions(stack, env);
  const unfinished = readUnfinished(tenant.files);
  const isResumed = unfinished !== undefined && resumes(unfinished, names, asked(request));
  const planned = isResumed ? [] : await plan(request, tenant, names);
  const rollback = isResumed ? unfinished : { asked: asked(request), steps: planned.map(({ step }) => step) };
  describePlan(planned, isResumed, say);
  if (!(await confirm(question(rollback, stack), request))) {
    return { text: "Nothing was changed.", json: { stack, actions: [] } };
  }
  const confirmedAt = performance.now();
  const known = new Map(planned.map(({ step, action }) => [step.action, action]));
  let liveAt = startedAt;
  const steps = await carryOut(rollback, {
    api: tenant.api,
    files: tenant.files,
    program,
    known,
    live: () => (liveAt = performance.now()),
    now: () => new Date(),
  });
  // The time in which a person made up their mind is theirs.
  const liveAfterMs = liveAt - (request.yes ? startedAt : confirmedAt);
  say(`${names.join(", ")}: rolled back and pinned. Refreshing the state of stack ${stack} …`);
  const notRefreshed = await refreshActions(stack, names, request.pulumi);
  const result = { stack, files: tenant.files, steps, notRefreshed, liveAfterMs };
  return { text: describeRollback(result), json: rollbackDocument(result) };
}

function requestedActions({ action, all, to, toSource }: RollbackRequest): string[] {
  if (all) {
    if (action === undefined && to === undefined && toSource !== undefined) {
      return actionList.map(({ name }) => name);
    }
    const message = "--all goes with --to-source COMMIT, and with no Action and no --to.";
    throw new UsageError("rollback-unclear", message);
  }
  if (action !== undefined && toSource === undefined) return [actionNamed(action)];
  const message = "Name one Action (pictures rollback user-picture), or all: --all --to-source COMMIT.";
  throw new UsageError("rollback-unclear", message);
}

/** The words that name the target, for whoever has to finish an interrupted rollback. */
function asked({ to, toSource }: RollbackRequest): string {
  if (toSource !== undefined) return `--to-source ${toSource}`;
  return to === undefined ? "" : `--to ${to}`;
}

async function plan(
  { to, toSource, repository }: RollbackRequest,
  { api, files }: StackActions,
  names: readonly string[],
): Promise<PlannedStep[]> {
  const planned: PlannedStep[] = [];
  if (toSource === undefined) {
    for (const name of names) planned.push(await planOne(api, files, name, to));
    return planned;
  }
  const { commit, hashes } = commitSources(toSource, repository);
  for (const name of names) {
    planned.push(await planToSource(api, name, { commit, sourceHash: hashes[name] ?? "" }));
  }
  return planned;
}

function describePlan(
  planned: readonly PlannedStep[],
  isResumed: boolean,
  say: (line: string) => void,
): void {
  if (isResumed) say("A rollback was interrupted; this finishes it.");
  for (const { diff, warnings } of planned) {
    say(diff);
    for (const warning of warnings) say(`warning: ${warning}`);
  }
}

function question({ steps }: UnfinishedRollback, stack: string): string {
  const targets = steps.map(
    ({ action, from, target }) =>
      `${action} from version ${from.number} to the code of version ${target.number}`,
  );
  return `Roll back ${targets.join(" and ")} in stack ${stack}? Logins run it at once.`;
}
