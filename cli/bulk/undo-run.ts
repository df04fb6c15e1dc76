import { rmSync } from "node:fs";
import { patientTenantUsers } from "../../auth0/tenant-users.ts";
import type { CommandReport } from "../command.ts";
import type { People } from "../people/people.ts";
import { bulkFolder, scratchFolder, stateFailure } from "./bulk-folder.ts";
import { undoableRun } from "./journal-runs.ts";
import type { MadePlan } from "./make-plan.ts";
import { runPlan, type RunTask } from "./run-plan.ts";
import { makeUndoPlan } from "./undo-plan.ts";

/** Says what taking a run back would do, or does it: a run of its own, whose changes come from the journal. */
export async function undoRun(opened: People, id: string, task: RunTask): Promise<CommandReport> {
  const people = { ...opened, users: patientTenantUsers(opened.access) };
  const startedAt = people.now();
  const undoes = undoableRun(people, id);
  const parent = bulkFolder(people.access.domain, people.env);
  const scratch = scratchFolder(parent);
  let plan: MadePlan | undefined;
  try {
    plan = makeUndoPlan(scratch, people.journal, id);
    return await runPlan(people, { ...task, undoes, startedAt }, plan);
  } catch (error) {
    throw stateFailure(parent, error);
  } finally {
    plan?.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}
