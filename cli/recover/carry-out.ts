import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExpectedError } from "../../infra/expected-error.ts";
import { importFile } from "./import-file.ts";
import type { Plan } from "./make-plan.ts";
import type { Program } from "./program-resources.ts";
import type { PulumiCli } from "./pulumi-cli.ts";
import type { Services } from "./services.ts";
import { withoutPendingOperations, type StackState } from "./stack-state.ts";

export interface CarryOutInput {
  readonly plan: Plan;
  readonly program: Program;
  readonly state: StackState;
  /** What the state was read from. */
  readonly exported: string;
  readonly pulumi: PulumiCli;
  readonly services: Services;
  /** Told each step after it is done. */
  readonly progress: (line: string) => void;
}

/**
 * Does what the plan says. A run that is killed in between leaves less to do: the next one plans anew.
 *
 * @throws ExpectedError of {@link PulumiCli}, `state-changed` or `recovery-incomplete`.
 */
export async function carryOut(input: CarryOutInput): Promise<void> {
  const { plan, pulumi, exported, progress } = input;
  if (plan.locks.length > 0) {
    await pulumi.onStack(["cancel", "--yes"]);
    progress("Cleared the lock.");
  }
  if ((await pulumi.onStack(["stack", "export"])) !== exported) throw changedMeanwhile();
  if (plan.pendingOperations.length + plan.removals.length > 0) {
    // Where there is nothing to clear it still proves that no run holds the stack, whose new client would look like a duplicate.
    await pulumi.onStack(["stack", "import"], withoutPendingOperations(exported));
  }
  if (plan.pendingOperations.length > 0) progress("Cleared the state's notes of unfinished operations.");
  await importAll(input);
  // Last: as long as the state does not know the one that stays, none may go.
  for (const { kind, candidate } of plan.removals) {
    await asked(candidate.what, () => kind.remove?.(candidate.id, input.services));
    progress(`Removed ${candidate.what}.`);
  }
  for (const { kind, resource, id } of plan.finishes) {
    await asked(resource.name, () => kind.finish?.(id, input.services));
    progress(`Deployed ${resource.name}.`);
  }
}

function changedMeanwhile(): ExpectedError {
  const message =
    "Another run changed the stack's state meanwhile. Nothing was imported or removed: run this again.";
  return new ExpectedError("state-changed", message);
}

async function importAll({ plan, program, state, pulumi, progress }: CarryOutInput): Promise<void> {
  if (plan.imports.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), "user-pictures-import-"));
  try {
    const file = join(folder, "import.json");
    const known = new Set(state.resources.filter(({ isDeleted }) => !isDeleted).map(({ urn }) => urn));
    writeFileSync(file, JSON.stringify(importFile(plan.imports, program, known)), { mode: 0o600 });
    const options = ["--protect=false", "--generate-code=false", "--yes", "--skip-preview"];
    await pulumi.onStack(["import", "--file", file, ...options]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const { candidate } of plan.imports) progress(`Imported ${candidate.what}.`);
}

async function asked(what: string, request: () => Promise<unknown> | undefined): Promise<void> {
  try {
    await request();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
    const message = `Auth0 refused it for ${what}: ${why}. What was done before stays done; mend that, then run this again.`;
    throw new ExpectedError("recovery-incomplete", message, { cause });
  }
}
