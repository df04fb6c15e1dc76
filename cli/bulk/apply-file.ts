import { rmSync } from "node:fs";
import type { Readable } from "node:stream";
import { patientTenantUsers } from "../../auth0/tenant-users.ts";
import type { CommandReport } from "../command.ts";
import type { People } from "../people/people.ts";
import { firstProblems } from "./bulk-change.ts";
import { bulkFolder, scratchFolder, stateFailure } from "./bulk-folder.ts";
import { describeProblems, printedLines } from "./describe-bulk.ts";
import { makePlan, type MadePlan } from "./make-plan.ts";
import { probePlan } from "./preview-file.ts";
import { readRows, type BulkFormat } from "./read-rows.ts";
import { runPlan, type RunTask } from "./run-plan.ts";

export interface BulkTask extends RunTask {
  readonly input: Readable;
  readonly format: BulkFormat;
  /** Whether the pictures' addresses are looked at. */
  readonly probe: boolean;
}

/** Checks a file of changes line by line, then says what it would do, or does it. */
export async function applyFile(opened: People, task: BulkTask): Promise<CommandReport> {
  const people = { ...opened, users: patientTenantUsers(opened.access) };
  const parent = bulkFolder(people.access.domain, people.env);
  const scratch = scratchFolder(parent);
  const problems = firstProblems(printedLines * 5);
  let plan: MadePlan | undefined;
  try {
    plan = await makePlan(scratch, readRows(task.input, task.format), people.settings, problems);
    if (task.probe && problems.total() === 0) await probePlan(plan, problems);
    if (problems.total() > 0) {
      return describeProblems(people.stack, problems.first().slice(0, printedLines), problems.total());
    }
    return await runPlan(people, task, plan);
  } catch (error) {
    throw stateFailure(parent, error);
  } finally {
    plan?.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}
