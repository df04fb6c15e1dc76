import { findMarkedProcesses } from "./find-marked-processes.ts";
import { LocalError } from "./local-error.ts";
import { pollUntil } from "./poll-until.ts";

export interface KillOptions {
  /** How long a process has for a clean end before SIGKILL, in milliseconds. */
  readonly graceMs?: number;
  /** How long the system has to end a killed process, in milliseconds. */
  readonly killMs?: number;
}

/**
 * Ends every process that carries the mark of the run: SIGTERM, a bounded wait, SIGKILL, until none is left.
 *
 * @throws LocalError `processes-left` when some survive even that (they hang in the kernel).
 */
export async function killMarked(
  runId: string,
  { graceMs = 3000, killMs = 5000 }: KillOptions = {},
): Promise<void> {
  const asked = new Set<number>();
  if (await pollUntil(() => noneLeft(runId, "SIGTERM", asked), { withinMs: graceMs })) return;
  if (await pollUntil(() => noneLeft(runId, "SIGKILL"), { withinMs: killMs })) return;
  const left = (await findMarkedProcesses(runId)).map(({ pid }) => pid);
  if (left.length === 0) return;
  throw new LocalError(
    "processes-left",
    `Processes ${left.join(", ")} of run ${runId} cannot be killed. See what they wait for (ps -o pid,stat,wchan), then try again.`,
  );
}

/** One round: signals what lives. Only two empty looks in a row are none: one can miss a process just forked. */
async function noneLeft(runId: string, signal: NodeJS.Signals, asked?: Set<number>): Promise<boolean> {
  const found = await findMarkedProcesses(runId);
  for (const { pid } of found) {
    // A second SIGTERM makes some programs (pulumi) give up their clean end.
    if (asked?.has(pid) === true) continue;
    asked?.add(pid);
    sendSignal(pid, signal);
  }
  return found.length === 0 && (await findMarkedProcesses(runId)).length === 0;
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself meanwhile.
  }
}
