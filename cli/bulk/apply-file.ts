import { rmSync } from "node:fs";
import type { Readable } from "node:stream";
import { patientTenantUsers } from "../../auth0/tenant-users.ts";
import type { CommandReport } from "../command.ts";
import type { People } from "../people/people.ts";
import { firstProblems, type FirstProblems } from "./bulk-change.ts";
import { bulkFolder, scratchFolder, stateFailure } from "./bulk-folder.ts";
import { describeProblems, printedLines } from "./describe-bulk.ts";
import { makePlan, type MadePlan } from "./make-plan.ts";

import { probePlan } from "./preview-file.ts";
import { planByPrimaryIds } from "./primary-ids.ts";
import { readRows, type BulkFormat } from "./read-rows.ts";
import { requirePlanScopes, runPlan, type RunTask } from "./run-plan.ts";

export interface BulkTask extends RunTask {
  readonly input: Readable;
  readonly format: BulkFormat;
  /** Whether the pictures' addresses are looked at. */
  readonly probe: boolean;
}

/** Checks a file of changes line by line, then says what it would do, or does it. */
export async function applyFile(opened: People, task: BulkTask): Promise<CommandReport> {
  const people = { ...opened, users: patientTenantUsers(opened.access) };
  const startedAt = people.now();
  const parent = bulkFolder(people.access.domain, people.env);
  const scratch = scratchFolder(parent);
  const problems = firstProblems(printedLines * 5);
  let plan: MadePlan | undefined;
  try {
    const checks = { settings: people.settings, now: startedAt };
    plan = await makePlan(scratch, readRows(task.input, task.format), checks, problems);
    if (task.probe && problems.total() === 0) await probePlan(plan, problems);
    if (problems.total() > 0) return refusal(people, problems);
    requirePlanScopes(people, task, plan);
    task.progress.phase("Looking up ids");
    plan = await planByPrimaryIds(people, plan, task.limits, problems);
    task.progress.clear();
    if (problems.total() > 0) return refusal(people, problems);
    return await runPlan(people, { ...task, startedAt }, plan);
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
