import { readLines } from "../../lib/lines.ts";
import {
  reportFile,
  runUntil,
  usersNow,
  type BulkFigures,
  type BulkScenario,
  type BulkStage,
  type KillMoment,
} from "./bulk-scenario.ts";
import { askOf, bulkUser, notRestored, pictureOfOthers } from "./bulk-users.ts";
import type { TenantOrder } from "./tenant-messages.ts";

export interface UndoFigures {
  readonly memory: number;
  readonly seconds: number;
  readonly kills: number;
  readonly requests: number;
  readonly output: string;
  /** By outcome, in the report. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** What does not hold. */
  readonly failures: readonly string[];
}

/** Others change and delete some users; then the whole run is taken back, killed once and begun again. */
export async function undoEverybody(
  stage: BulkStage,
  scenario: BulkScenario,
  applied: BulkFigures,
  kill: KillMoment,
): Promise<UndoFigures> {
  const { users, progress } = scenario;
  const run = /pictures undo --run (\S+)/.exec(applied.output)?.[1];
  if (run === undefined) throw new Error(`apply names no run: ${applied.output}`);
  const numbers = Array.from({ length: users }, (_, number) => number);
  // Of those who are blocked only the block was changed: another picture is no reason to leave them.
  const changed = numbers.filter((number) => number % 97 === 5 && askOf(number).action !== "block");
  const deleted = numbers.filter((number) => number % 101 === 7);
  stage.tenant.send({ kind: "meddle", changed, deleted } satisfies TenantOrder);
  const start = Date.now();
  const args = ["undo", "--run", run, "--yes", "--stack", "bulk", "--report", reportFile(stage)];
  const killed = await runUntil(stage, scenario, args, kill);
  progress(`killed at ${kill.what} ${kill.number}`);
  const last = await runUntil(stage, scenario, args, undefined);
  const seconds = (Date.now() - start) / 1000;
  const { users: file, result } = await usersNow(stage);
  const gone = new Set([...deleted, ...result.deleted]);
  const left = changed.filter((number) => !gone.has(number));
  const report = reportOf(stage);
  const failures = wrongUsers(users, file, { left: new Set(left), gone, notes: result.notes });
  const check = (holds: boolean, failure: string) => {
    if (!holds) failures.push(failure);
  };
  check(killed.signal === "SIGKILL", `undo was not killed: ${killed.output}`);
  check(last.code === 2, `undo ended with ${String(last.code)}: ${last.output}`);
  check(
    sameUsers(report.left, left),
    `${report.left.length} users are listed as left instead of ${left.length}`,
  );
  check(result.unhandled === 0, "the tenant did not know a request");
  return {
    memory: Math.max(killed.memory, last.memory),
    seconds,
    kills: killed.signal === "SIGKILL" ? 1 : 0,
    requests: result.requests - applied.requests,
    output: last.output,
    outcomes: report.counts,
    failures,
  };
}

function reportOf(stage: BulkStage) {
  const counts: Record<string, number> = {};
  const left: string[] = [];
  for (const { text } of readLines(reportFile(stage))) {
    const { user, outcome } = JSON.parse(text) as { user: string; outcome: string };
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    if (outcome === "left") left.push(user);
  }
  return { counts, left };
}

function sameUsers(ids: readonly string[], numbers: readonly number[]): boolean {
  const expected = numbers.map((number) => bulkUser(number).user_id).toSorted();
  return ids.toSorted().join() === expected.join();
}

interface Expected {
  readonly left: ReadonlySet<number>;
  readonly gone: ReadonlySet<number>;
  readonly notes: Readonly<Record<string, string>>;
}

/** The first few users who are not as they were, apart from what others did. */
function wrongUsers(count: number, file: string, { left, gone, notes }: Expected): string[] {
  const open = new Map<string, number>();
  for (let number = 0; number < count; number += 1) open.set(bulkUser(number).user_id, number);
  const wrong: string[] = [];
  for (const { text } of readLines(file)) {
    const found = JSON.parse(text) as Record<string, unknown> & { user_id: string };
    const number = open.get(found.user_id) ?? -1;
    open.delete(found.user_id);
    const expected = {
      note: notes[String(number)],
      ...(left.has(number) ? { picture: pictureOfOthers } : {}),
    };
    const what = gone.has(number) ? "is there again" : notRestored(number, found, expected);
    if (what !== undefined) wrong.push(`User ${number} ${what}`);
  }
  for (const number of open.values()) if (!gone.has(number)) wrong.push(`User ${number} is gone`);
  return wrong.length > 5 ? [...wrong.slice(0, 5), `and ${wrong.length - 5} more users`] : wrong;
}
