import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Isolation } from "./isolation.ts";

/**
 * Moves a process with all its threads to Linux's class for what may wait, `SCHED_IDLE` (sched(7)): it leaves a processor at once to
 * any other process that wakes up. Beside programs that never rest it gets next to nothing, and only the superuser can take it out of the
 * class. Where it stays as it was, it is only in others' way.
 */
export async function moveToBackground(
  pid: number,
  { sameUser }: Pick<Isolation, "sameUser">,
): Promise<void> {
  const [command, ...args] = [...sameUser, "chrt", "--idle", "--all-tasks", "--pid", "0", String(pid)];
  await promisify(execFile)(command, args, { timeout: 10_000 }).catch(() => undefined);
}
