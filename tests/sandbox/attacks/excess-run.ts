import { pollUntil } from "../../../lib/clock.ts";
import { createSandbox, type Sandbox } from "../../../sandbox/create-sandbox.ts";
import { treeMemory, treePids, treeSeconds } from "../../impact/process-tree.ts";
import { attackingAction } from "./action-run.ts";
import type { Attempt, AttemptResult } from "./attempt.ts";
import type { Targets } from "./targets.ts";

/** Some more than a process may have, and what it has when it starts. */
const mostGrowthBytes = 700 * 1024 * 1024;
const quietCpuSeconds = 0.1;

/** Attempts to take more than there may be: of memory, or of time. One after the other, since all that this process started is measured. */
export async function runExcess(
  kind: "memory" | "time" | "afterwards",
  attempts: readonly Attempt[],
  targets: Targets,
): Promise<AttemptResult[]> {
  const limits = { memory: 8000, time: 500, afterwards: 5000 };
  const sandbox = createSandbox({ size: 1, flowTimeLimitMs: limits[kind] });
  const results: AttemptResult[] = [];
  try {
    for (const attempt of attempts) {
      const { words, wrong } = await measured(sandbox, attempt, targets);
      if (kind === "time" && wrong.length === 0 && words === "")
        wrong.push("the login ended as if nothing had been");
      if (kind === "afterwards" && !(await becomesQuiet())) wrong.push("the work goes on");
      results.push({
        attempt: attempt.name,
        outcome: wrong.length === 0 ? "refused" : "succeeded",
        words: wrong.length === 0 ? words : wrong.join(", "),
      });
    }
    return results;
  } finally {
    await sandbox.stop();
  }
}

async function measured(
  sandbox: Sandbox,
  attempt: Attempt,
  targets: Targets,
): Promise<{ words: string; wrong: string[] }> {
  const before = treeMemory(process.pid);
  let growth = 0;
  const timer = setInterval(() => (growth = Math.max(growth, treeMemory(process.pid) - before)), 20);
  const startedAt = performance.now();
  const { idTokenClaims, denied } = await sandbox.runFlow([attackingAction(attempt, targets)], {});
  const durationMs = performance.now() - startedAt;
  clearInterval(timer);
  const tried = JSON.stringify(idTokenClaims["tried"] ?? "");
  const wrong = [
    ...(tried.includes(targets.proof) ? ["it got what it was after"] : []),
    ...(growth > mostGrowthBytes ? [`memory grew by ${Math.round(growth / 1024 / 1024)} MB`] : []),
    ...(durationMs > 12_000 ? [`it took ${Math.round(durationMs)} ms`] : []),
  ];
  return { words: denied?.reason ?? /"threw":"(.*)"/.exec(tried)?.[1] ?? "", wrong };
}

/** Whether all that this process started soon takes nothing of the processor. */
function becomesQuiet(): Promise<boolean> {
  let before = Infinity;
  return pollUntil(
    () => {
      const now = treePids(process.pid).reduce((sum, pid) => sum + treeSeconds(pid), 0);
      const quiet = Math.abs(now - before) < quietCpuSeconds;
      before = now;
      return quiet;
    },
    { withinMs: 6000, everyMs: 500 },
  );
}
