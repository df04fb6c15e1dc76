import { isDeepStrictEqual } from "node:util";
import { confirm } from "../../lib/confirm.ts";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError, UsageError } from "../../lib/errors.ts";
import { term, terminalLines, type TerminalText } from "../../lib/terminal-text.ts";
import { actionList, actionNamed } from "../../stack/actions.ts";
import { bundleSources } from "../../stack/bundle-actions.ts";
import type { CommandReport } from "../command.ts";
import { withCommitFolder } from "../commit-folder.ts";
import type { RunPulumi } from "../pulumi/run-pulumi.ts";
import { tenantDomain } from "../pulumi/stack-tenant.ts";
import { withTenantLock } from "../tenant-lock.ts";
import { carryOut } from "./carry-out.ts";
import { describeRollback, refreshActions, rollbackDocument } from "./describe-rollback.ts";
import { planOne, planToSource, type PlannedStep } from "./plan-rollback.ts";
import type { ProgramNow } from "./program-now.ts";
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
  /** Whether to wait for another command on this machine that changes what is deployed. */
  readonly wait?: boolean | undefined;
  readonly env: Environment;
  /** Tells people what is going on; not part of the result. */
  readonly say: (text: TerminalText) => void;
  /** What the sources give now. Asked last, and loaded then: until it is, logins wait for the old code. */
  readonly program: () => Promise<ProgramNow>;
  /** When the command began, on `performance`'s clock. */
  readonly startedAt: number;
  /** Another `pulumi` than the PATH's. */
  readonly pulumi?: RunPulumi;
  /** See `RollbackSurroundings`. */
  readonly overtakenMs?: number;
  /** Another repository than this one's, for `toSource`. */
  readonly repository?: string;
}

/**
 * Rolls back, pins and refreshes.
 *
 * @throws UsageError where the request contradicts itself; ExpectedError for everything that fails.
 */
export async function runRollback(request: RollbackRequest): Promise<CommandReport> {
  const { stack, env, say } = request;
  const names = requestedActions(request);
  const locked = (work: () => Promise<CommandReport>) => {
    const lock = { command: "pictures rollback", env, wait: request.wait === true, say };
    return withTenantLock(tenantDomain(stack, env), ["deployment"], lock, work);
  };
  if (request.yes) {
    return locked(async () => {
      const tenant = await stackActions(stack, env);
      const prepared = await prepare(request, tenant, names);
      describePlan(prepared, say);
      return rollBack(request, tenant, prepared, request.startedAt);
    });
  }
  const tenant = await stackActions(stack, env);
  const shown = await prepare(request, tenant, names);
  describePlan(shown, say);
  if (!(await confirm(question(shown.rollback, stack), request))) {
    return { text: term`Nothing was changed.`, json: { stack, actions: [] } };
  }
  // The time in which a person made up their mind is theirs, and others may have used it.
  const confirmedAt = performance.now();
  return locked(async () => {
    const prepared = await prepare(request, tenant, names);
    if (!isDeepStrictEqual(prepared.rollback, shown.rollback)) throw changedMeanwhile(names);
    return rollBack(request, tenant, prepared, confirmedAt);
  });
}

/** A rollback that is to be done, and as far as it is a new one, what is known of it. */
interface Prepared {
  readonly rollback: UnfinishedRollback;
  readonly planned: readonly PlannedStep[];
  readonly isResumed: boolean;
}

async function prepare(
  request: RollbackRequest,
  tenant: StackActions,
  names: readonly string[],
): Promise<Prepared> {
  const unfinished = readUnfinished(tenant.files);
  if (unfinished !== undefined && resumes(unfinished, names, asked(request))) {
    return { rollback: unfinished, planned: [], isResumed: true };
  }
  const planned = await plan(request, tenant, names);
  const rollback = { asked: asked(request), steps: planned.map(({ step }) => step) };
  return { rollback, planned, isResumed: false };
}

function changedMeanwhile(names: readonly string[]): ExpectedError {
  const message =
    `While the question waited for its answer, something else was deployed to ${names.join(" or ")}, or rolled back. ` +
    "Nothing was changed: run this again to see what it would do now.";
  return new ExpectedError("changed-meanwhile", message);
}

async function rollBack(
  { stack, say, program, pulumi, overtakenMs }: RollbackRequest,
  tenant: StackActions,
  { rollback, planned }: Prepared,
  startedAt: number,
): Promise<CommandReport> {
  const names = rollback.steps.map(({ action }) => action);
  const known = new Map(planned.map(({ step, action }) => [step.action, action]));
  let liveAt = startedAt;
  const steps = await carryOut(rollback, {
    api: tenant.api,
    files: tenant.files,
    program,
    known,
    live: () => (liveAt = performance.now()),
    now: () => new Date(),
    ...(overtakenMs === undefined ? {} : { overtakenMs }),
  });
  const liveAfterMs = liveAt - startedAt;
  say(term`${names.join(", ")}: rolled back and pinned. Refreshing the state of stack ${stack} …`);
  const notRefreshed = await refreshActions(stack, names, pulumi);
  const result = { stack, files: tenant.files, steps, notRefreshed, liveAfterMs };
  return { text: describeRollback(result), json: rollbackDocument(result) };
}

function requestedActions({ action, all, to, toSource }: RollbackRequest): string[] {
  if (all) {
    if (action === undefined && to === undefined && toSource !== undefined) {
      return actionList.map(({ name }) => name);
    }
    const message = "--all needs --to-source COMMIT, and takes neither an Action nor --to.";
    throw new UsageError("rollback-unclear", message);
  }
  if (action !== undefined && toSource === undefined) return [actionNamed(action)];
  const message = "Name one Action (pictures rollback user-picture), or all: --all --to-source COMMIT.";
  throw new UsageError("rollback-unclear", message);
}

/** The words that name the target, to finish an interrupted rollback. */
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
  const { commit, hashes } = await commitSources(toSource, repository);
  for (const name of names) {
    planned.push(await planToSource(api, name, { commit, sourceHash: hashes[name] ?? "" }));
  }
  return planned;
}

function describePlan({ planned, isResumed }: Prepared, say: (text: TerminalText) => void): void {
  if (isResumed) say(term`A rollback was interrupted; this finishes it.`);
  for (const { diff, warnings } of planned) {
    say(terminalLines(diff.split("\n")));
    for (const warning of warnings) say(term`warning: ${warning}`);
  }
}

function question({ steps }: UnfinishedRollback, stack: string): TerminalText {
  const targets = steps.map(
    ({ action, from, target }) =>
      `${action} from version ${from.number} to the code of version ${target.number}`,
  );
  return term`Roll back ${targets.join(" and ")} in stack ${stack}? Logins run ${steps.length === 1 ? "it" : "them"} at once.`;
}

interface CommitSources {
  /** The full hash of the commit. */
  readonly commit: string;
  /** By the Action's name: as its header says it. */
  readonly hashes: Readonly<Record<string, string>>;
}

/**
 * The source hashes of the Actions at a commit. Its sources are unpacked into a temporary folder, since esbuild must
 * say which files go in.
 *
 * @param root A folder in the repository whose sources are meant.
 * @throws ExpectedError `commit-unusable`.
 */
export async function commitSources(named: string, root?: string): Promise<CommitSources> {
  try {
    return await withCommitFolder({ named, root, folders: ["actions", "policy"] }, ({ commit, folder }) => {
      const sources = bundleSources(folder);
      const hashes = Object.fromEntries(sources.map(({ name, sourceHash }) => [name, sourceHash]));
      return { commit, hashes };
    });
  } catch (cause) {
    const message =
      `${named} cannot be used: it must be a commit of this repository whose actions/ and policy/ hold all Actions. ` +
      "Without git, name versions by their numbers: pictures rollback ACTION --to NUMBER.";
    throw new ExpectedError("commit-unusable", message, { cause });
  }
}
