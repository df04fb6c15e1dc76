import { relative } from "node:path";
import { ExpectedError } from "../../lib/errors.ts";
import { shortHash } from "../../lib/hash.ts";
import { projectRoot } from "../../lib/project.ts";
import { terminalLines, type TerminalText } from "../../lib/terminal-text.ts";
import type { PinFiles } from "../../stack/pins.ts";
import { runPulumi, type RunPulumi } from "../pulumi/run-pulumi.ts";
import type { FinishedStep } from "./carry-out.ts";

export interface RollbackResult {
  readonly stack: string;
  readonly files: PinFiles;
  readonly steps: readonly FinishedStep[];
  /** Why the state was not refreshed; undefined where it was. */
  readonly notRefreshed: string | undefined;
  /** From the command's start to the moment when the tenant said that the old code runs. */
  readonly liveAfterMs: number;
}

/** For people: what runs now and what is left to do. */
export function describeRollback(result: RollbackResult): TerminalText {
  const { stack, files, steps, notRefreshed, liveAfterMs } = result;
  const isOne = steps.length === 1;
  const actions = steps.map(({ action }) => action);
  const pins = actions.flatMap((action) => [files.code(action), files.record(action)]).map(shown);
  return terminalLines([
    ...steps.map(describeStep),
    `It took ${(liveAfterMs / 1000).toFixed(1)} s until logins ran ${isOne ? "it" : "them"}.`,
    `Pinned: ${pins.join(", ")}.`,
    ...(notRefreshed === undefined
      ? [`The state of stack ${stack} is up to date.`]
      : [
          `The state of stack ${stack} was not refreshed: ${notRefreshed}`,
          `  Later: pulumi ${refreshArguments(stack, actions).map(quoted).join(" ")}`,
        ]),
    `Now commit the ${isOne ? "pin" : "pins"}. Until then, a deployment from another machine stops at the guard instead of undoing this.`,
    `  git add ${shown(files.folder)} && git commit -m "Roll back ${actions.join(" and ")}"`,
    `When the source is fixed: ${actions.map((action) => `pictures unpin ${action} --stack ${stack}`).join("; ")}`,
  ]);
}

function describeStep({ action, deployed, target, from, draftAgrees }: FinishedStep): string {
  const line =
    `${action} runs the code of version ${target.number} (${shortHash(deployed.codeHash)}), ` +
    `deployed as version ${deployed.number} after version ${from.number}.`;
  return draftAgrees
    ? line
    : `${line} Its draft is still different: pulumi up --refresh deploys the pin again.`;
}

/** As the person sees it from the project's folder. */
function shown(path: string): string {
  const inside = relative(projectRoot, path);
  return inside.startsWith("..") ? path : inside;
}

function quoted(word: string): string {
  return /[*\s]/.test(word) ? `'${word}'` : word;
}

/** For programs. */
export function rollbackDocument({ stack, files, steps, notRefreshed, liveAfterMs }: RollbackResult): object {
  return {
    stack,
    actions: steps.map(({ action, from, target, deployed, draftAgrees }) => ({
      action,
      from: from.number,
      to: target.number,
      deployedVersion: deployed.number,
      codeHash: deployed.codeHash,
      draftAgrees,
      pin: files.code(action),
    })),
    refreshed: notRefreshed === undefined,
    liveAfterMs: Math.round(liveAfterMs),
  };
}

/** Longer than a refresh of two Actions takes; a backend that is down is not waited for any longer. */
const timeoutMs = 180_000;

/**
 * Refreshes the state with what now runs, for these Actions only.
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
function refreshArguments(stack: string, actions: readonly string[]): string[] {
  const targets = actions.flatMap((action) => ["--target", `**:Action::${action}`]);
  return ["refresh", "--yes", "--skip-preview", "--stack", stack, ...targets];
}
