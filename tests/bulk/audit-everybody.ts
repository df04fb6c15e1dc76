import type { BulkFigures, BulkScenario, BulkStage } from "./bulk-scenario.ts";
import { askOf } from "./bulk-users.ts";
import { runMeasured } from "./run-measured.ts";

export interface AuditFigures {
  readonly memory: number;
  readonly seconds: number;
  /** What is wrong with its counts, or with how it ended. */
  readonly failures: readonly string[];
}

const reasonOf = { set: "user", clear: "removed", block: "blocked" } as const;

/** Audits all users after the file was applied, and compares the counts with what the file asked for. */
export async function auditEverybody(
  stage: BulkStage,
  { users, command, progress }: BulkScenario,
  { deleted }: BulkFigures,
): Promise<AuditFigures> {
  const start = Date.now();
  const { code, memory, out, output } = await runMeasured(
    stage,
    [...command, "audit", "--json", "--stack", "bulk"],
    progress,
  ).end;
  const seconds = (Date.now() - start) / 1000;
  const expected: Record<string, number> = {};
  const gone = new Set(deleted);
  for (let number = 0; number < users; number += 1) {
    if (gone.has(number)) continue;
    const reason = reasonOf[askOf(number).action];
    expected[reason] = (expected[reason] ?? 0) + 1;
  }
  if (code !== 0 && code !== 2)
    return { memory, seconds, failures: [`audit ended with ${String(code)}: ${output}`] };
  const { reasons } = JSON.parse(out) as { reasons: { reason: string; users: number }[] };
  const counted = Object.fromEntries(reasons.map((each) => [each.reason, each.users]));
  const differing = [...new Set([...Object.keys(expected), ...Object.keys(counted)])].filter(
    (reason) => expected[reason] !== counted[reason],
  );
  const failures = differing.map(
    (reason) =>
      `audit counts ${counted[reason] ?? 0} users with ${reason} instead of ${expected[reason] ?? 0}`,
  );
  return { memory, seconds, failures };
}
