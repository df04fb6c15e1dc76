import { ExpectedError } from "../../infra/expected-error.ts";
import { runPulumi, type RunPulumi } from "../pulumi/run-pulumi.ts";

/** Longer than a refresh of two Actions takes; a backend that is down is not waited for any longer. */
const timeoutMs = 180_000;

/**
 * Brings the state in step with what now runs, for these Actions alone.
 *
 * @returns Why it was not done, in words; undefined where it was. It never fails: the rollback is done.
 */
export async function refreshActions(
  stack: string,
  actions: readonly string[],
  pulumi: RunPulumi = runPulumi,
): Promise<string | undefined> {
  try {
    const answer = await pulumi(refreshArguments(stack, actions), { timeoutMs });
    if (answer.code === 0) return undefined;
    return `${answer.stdout}\n${answer.stderr}`.trim().split("\n").slice(-3).join(" ").trim();
  } catch (error) {
    if (error instanceof ExpectedError) return error.message;
    throw error;
  }
}

/** For people who do it later, too. */
export function refreshArguments(stack: string, actions: readonly string[]): string[] {
  const targets = actions.flatMap((action) => ["--target", `**:Action::${action}`]);
  return ["refresh", "--yes", "--skip-preview", "--stack", stack, ...targets];
}
