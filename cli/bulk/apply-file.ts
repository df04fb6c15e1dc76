import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { jobPace } from "../../auth0/jobs.ts";
import { managementClient, withoutSdkRetries } from "../../auth0/management-client.ts";
import { patientTenantUsers } from "../../auth0/tenant-users.ts";
import { sha256 } from "../../lib/hash.ts";
import type { Progress } from "../../lib/progress.ts";
import type { CommandReport } from "../command.ts";
import { requireScope, type People } from "../people/people.ts";
import { countOutcome, firstProblems, noCounts, type FirstProblems } from "./bulk-change.ts";
import { bulkFolder, claimFolder, scratchFolder, startOfRun, stateFailure } from "./bulk-folder.ts";
import type { BulkLimits, BulkRun } from "./bulk-run.ts";
import { describeBulk, describeProblems, printedLines } from "./describe-bulk.ts";
import { noteOtherRuns, waitForOtherRuns } from "./import-file.ts";
import { finishLeftImports, importWaves } from "./import-waves.ts";
import { openLedger, settledLines } from "./ledger.ts";
import { makePlan, type MadePlan } from "./make-plan.ts";
import { outcomeReport } from "./outcome-report.ts";
import { patchUsers } from "./patch-users.ts";
import { planByPrimaryIds } from "./primary-ids.ts";
import { previewFile, probePlan } from "./preview-file.ts";
import { readRows, type BulkFormat } from "./read-rows.ts";

export interface BulkTask {
  readonly input: Readable;
  readonly format: BulkFormat;
  /** Of the input, where it is a file. */
  readonly path?: string | undefined;
  /** Without it nothing is changed. */
  readonly yes: boolean;
  /** Whether the pictures' addresses are looked at. */
  readonly probe: boolean;
  /** A file for what becomes of each line. */
  readonly report: string | undefined;
  readonly limits: BulkLimits;
  readonly progress: Progress;
}

/** Checks a file of changes line by line, then says what it would do, or does it. */
export async function applyFile(opened: People, task: BulkTask): Promise<CommandReport> {
  const people = { ...opened, users: patientTenantUsers(opened.access) };
  const parent = bulkFolder(people.access.domain, people.env);
  const scratch = scratchFolder(parent);
  const problems = firstProblems(printedLines * 5);
  let plan: MadePlan | undefined;
  try {
    const checks = { settings: people.settings, now: people.now() };
    plan = await makePlan(scratch, readRows(task.input, task.format), checks, problems);
    if (task.probe && problems.total() === 0) await probePlan(plan, problems);
    if (problems.total() > 0) return refusal(people, problems);
    requireBulkScopes(people, { yes: task.yes, imports: usesImports(task, plan) });
    task.progress.phase("Looking up ids");
    plan = await planByPrimaryIds(people, plan, task.limits, problems);
    task.progress.clear();
    if (problems.total() > 0) return refusal(people, problems);
    const folder = join(parent, runId(people, plan));
    return await (task.yes ? carryOut(people, task, plan, folder) : dryRun(people, task, plan, folder));
  } catch (error) {
    throw stateFailure(parent, error);
  } finally {
    plan?.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function refusal({ stack }: People, problems: FirstProblems): CommandReport {
  return describeProblems(stack, problems.first().slice(0, printedLines), problems.total());
}

/** The same command once more is the same run. */
function runId({ access, stack }: People, { hash }: MadePlan): string {
  return sha256(JSON.stringify([access.domain, stack, hash])).slice(0, 20);
}

async function dryRun(
  people: People,
  task: BulkTask,
  plan: MadePlan,
  folder: string,
): Promise<CommandReport> {
  const { stack } = people;
  const counts = noCounts();
  const report = outcomeReport(task.report, { examples: printedLines, input: task.path });
  task.progress.phase("Reading users", plan.count);
  try {
    for await (const outcome of previewFile({ people, plan, limits: task.limits })) {
      countOutcome(counts, outcome);
      report.add(outcome);
      task.progress.advance();
    }
    report.finish();
  } finally {
    task.progress.clear();
    report.drop();
  }
  return describeBulk({
    stack,
    dryRun: true,
    lines: plan.count,
    byAction: plan.byAction,
    counts,
    ...report.found(),
    report: task.report,
    notes: [...plan.notes, ...noteOtherRuns(folder)],
    unfinished: unfinishedLines(folder),
  });
}

function unfinishedLines(folder: string): number | undefined {
  const file = join(folder, "outcomes.ndjson");
  return existsSync(file) ? settledLines(file) : undefined;
}

async function carryOut(
  people: People,
  task: BulkTask,
  plan: MadePlan,
  folder: string,
): Promise<CommandReport> {
  // Two runs at once over the same users would write over each other.
  const release = claimFolder(dirname(folder));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const startedAt = startOfRun(folder, people.now());
    const outcomes = join(folder, "outcomes.ndjson");
    // Opened first: fail now, not hours later, if the report cannot be written.
    const report = outcomeReport(task.report, { examples: 0, input: task.path });
    try {
      const changed = await changeEverybody(people, task, plan, { folder, startedAt, outcomes });
      report.addAll(outcomes);
      // The run stays recorded until the report is there: if it is missing, the same command can be run again.
      report.finish();
      rmSync(folder, { recursive: true, force: true });
      return describeBulk({
        stack: people.stack,
        dryRun: false,
        lines: plan.count,
        byAction: plan.byAction,
        ...changed,
        ...report.found(),
        report: task.report,
      });
    } finally {
      report.drop();
    }
  } finally {
    release();
  }
}

function usesImports({ limits }: BulkTask, { count }: MadePlan): boolean {
  return limits.imports && count > limits.oneByOne;
}

interface RunFiles {
  readonly folder: string;
  readonly startedAt: Date;
  readonly outcomes: string;
}

async function changeEverybody(people: People, task: BulkTask, plan: MadePlan, files: RunFiles) {
  const { progress } = task;
  const ledger = openLedger(files.outcomes, plan.index, () => {
    progress.advance();
  });
  const notes = [...plan.notes, ...noteOtherRuns(files.folder)];
  progress.phase("Changing users", plan.count - ledger.settled());
  try {
    const run: BulkRun = {
      id: `${runId(people, plan)}-${files.startedAt.getTime().toString(36)}`,
      folder: files.folder,
      people,
      startedAt: files.startedAt,
      plan,
      ledger,
      sdk: await managementClient(people.access, withoutSdkRetries),
      limits: task.limits,
      pace: { exports: jobPace(), imports: jobPace() },
      connections: new Map(),
      notes,
    };
    await waitForOtherRuns(run);
    const imports = await finishLeftImports(run);
    if (usesImports(task, plan)) await importWaves(imports);
    await patchUsers(run);
    return { counts: ledger.counts, notes };
  } finally {
    progress.clear();
    ledger.close();
  }
}

/** Stops before anything is read where the client may not do it. */
function requireBulkScopes(
  people: Pick<People, "access" | "clientId">,
  { yes, imports }: { readonly yes: boolean; readonly imports: boolean },
): void {
  requireScope(people, ["read:users"], "bulk");
  if (!yes) return;
  requireScope(people, ["update:users"], "bulk");
  if (!imports) return;
  requireScope(people, ["create:users"], "bulk");
  requireScope(people, ["read:connections"], "bulk");
}
