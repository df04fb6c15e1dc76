import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { jobPace } from "../../auth0/jobs.ts";
import { managementClient, withoutSdkRetries } from "../../auth0/management-client.ts";
import { sha256 } from "../../lib/hash.ts";
import type { Progress } from "../../lib/progress.ts";
import { standardError } from "../../lib/terminal-output.ts";
import type { TerminalText } from "../../lib/terminal-text.ts";
import type { CommandReport } from "../command.ts";
import { requireScope, type People } from "../people/people.ts";
import { withTenantLock } from "../tenant-lock.ts";
import { countOutcome, noCounts } from "./bulk-change.ts";
import { bulkFolder, claimFolder, runId, startOfRun } from "./bulk-folder.ts";
import type { BulkLimits, BulkRun } from "./bulk-run.ts";
import { describeBulk, printedLines } from "./describe-bulk.ts";
import { noteOtherRuns, waitForOtherRuns } from "./import-file.ts";
import { finishLeftImports, importWaves } from "./import-waves.ts";
import type { JournalRun } from "./journal-runs.ts";
import { openLedger, settledLines } from "./ledger.ts";
import type { MadePlan } from "./make-plan.ts";
import { outcomeReport } from "./outcome-report.ts";
import { patchUsers } from "./patch-users.ts";
import { previewFile } from "./preview-file.ts";

export interface RunTask {
  /** The file of changes, where there is one. */
  readonly path?: string | undefined;
  /** Without it nothing is changed. */
  readonly yes: boolean;
  /** A file for what becomes of each line. */
  readonly report: string | undefined;
  readonly limits: BulkLimits;
  readonly progress: Progress;
  /** The run that the plan takes back. */
  readonly undoes?: JournalRun | undefined;
  /** When the command began: a block that is set later is set while it runs. */
  readonly startedAt?: Date;
}

/** Says what a plan of changes would do, or does it. */
export async function runPlan(people: People, task: RunTask, plan: MadePlan): Promise<CommandReport> {
  requirePlanScopes(people, task, plan);
  const folder = join(bulkFolder(people.access.domain, people.env), folderName(people, plan));
  return task.yes ? carryOut(people, task, plan, folder) : dryRun(people, task, plan, folder);
}

/** The same command once more is the same run. */
function folderName({ access, stack }: People, { hash }: MadePlan): string {
  return sha256(JSON.stringify([access.domain, stack, hash])).slice(0, 20);
}

async function dryRun(people: People, task: RunTask, plan: MadePlan, folder: string): Promise<CommandReport> {
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
    undoes: task.undoes,
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
  task: RunTask,
  plan: MadePlan,
  folder: string,
): Promise<CommandReport> {
  // Two runs at once over the same users would write over each other.
  const release = claimFolder(dirname(folder));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const startedAt = startOfRun(folder, task.startedAt ?? people.now(), task.undoes?.run);
    const id = runId(folder, startedAt);
    const outcomes = join(folder, "outcomes.ndjson");
    // Opened first: fail now, not hours later, if the report cannot be written.
    const report = outcomeReport(task.report, { examples: 0, input: task.path });
    try {
      const changed = await changeEverybody(people, task, plan, { id, folder, startedAt, outcomes });
      report.addAll(outcomes);
      // The run stays recorded until the report is there: if it is missing, the same command can be run again.
      report.finish();
      const { changed: number = 0 } = changed.counts.outcomes;
      if (number > 0) people.journal.append({ at: people.now().toISOString(), ended: id, changed: number });
      rmSync(folder, { recursive: true, force: true });
      return describeBulk({
        stack: people.stack,
        dryRun: false,
        lines: plan.count,
        byAction: plan.byAction,
        ...changed,
        ...report.found(),
        report: task.report,
        undoes: task.undoes,
        run: id,
      });
    } finally {
      report.drop();
    }
  } finally {
    release();
  }
}

function usesImports({ limits }: Pick<RunTask, "limits">, { count }: Pick<MadePlan, "count">): boolean {
  return limits.imports && count > limits.oneByOne;
}

interface RunFiles {
  readonly id: string;
  readonly folder: string;
  readonly startedAt: Date;
  readonly outcomes: string;
}

async function changeEverybody(people: People, task: RunTask, plan: MadePlan, files: RunFiles) {
  const { progress } = task;
  const ledger = openLedger(files.outcomes, plan.index, () => {
    progress.advance();
  });
  const notes = [...plan.notes, ...noteOtherRuns(files.folder)];
  progress.phase("Changing users", plan.count - ledger.settled());
  try {
    const run: BulkRun = {
      ...files,
      people,
      plan,
      ledger,
      sdk: await managementClient(people.access, withoutSdkRetries),
      limits: task.limits,
      pace: { exports: jobPace(), imports: jobPace() },
      connections: new Map(),
      notes,
      inStretch: stretches(people, task),
    };
    await waitForOtherRuns(run);
    const imports = await run.inStretch(["users"], () => finishLeftImports(run));
    if (usesImports(task, plan)) await importWaves(imports);
    await patchUsers(run);
    return { counts: ledger.counts, notes };
  } finally {
    progress.clear();
    ledger.close();
  }
}

function stretches({ config, env }: People, { undoes, progress }: RunTask): BulkRun["inStretch"] {
  const command = undoes === undefined ? "pictures apply" : "pictures undo --run";
  const say = (text: TerminalText) => {
    progress.clear();
    standardError.print(text);
  };
  return (kinds, work) =>
    withTenantLock(config.auth0Domain, kinds, { command, env, wait: true, say }, () => work());
}

/** Stops before anything is read where the client may not do it. */
export function requirePlanScopes(
  people: Pick<People, "access" | "clientId">,
  task: Pick<RunTask, "yes" | "limits">,
  plan: Pick<MadePlan, "count">,
): void {
  requireScope(people, ["read:users"], "bulk");
  if (!task.yes) return;
  requireScope(people, ["update:users"], "bulk");
  if (!usesImports(task, plan)) return;
  requireScope(people, ["create:users"], "bulk");
  requireScope(people, ["read:connections"], "bulk");
}
