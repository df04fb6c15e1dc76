import { LocalError } from "./local-error.ts";
import { pollUntil } from "./poll-until.ts";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";

export interface EndOptions {
  /** How long it has for a clean end before SIGKILL, in milliseconds. */
  readonly graceMs?: number;
}

/**
 * Ends that very process: SIGTERM, a bounded wait, SIGKILL.
 *
 * @throws LocalError `processes-left` when it survives even that.
 */
export async function endProcess(
  identity: ProcessIdentity,
  { graceMs = 5000 }: EndOptions = {},
): Promise<void> {
  if (await endsAfter(identity, "SIGTERM", graceMs)) return;
  if (await endsAfter(identity, "SIGKILL", 5000)) return;
  throw new LocalError(
    "processes-left",
    `Process ${identity.pid} of an earlier run cannot be killed. See what it waits for (ps -o pid,stat,wchan), then try again.`,
  );
}

async function endsAfter(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  withinMs: number,
): Promise<boolean> {
  if (!isAlive(identity)) return true;
  try {
    process.kill(identity.pid, signal);
  } catch {
    // It ended by itself meanwhile.
  }
  return pollUntil(() => !isAlive(identity), { withinMs });
}
