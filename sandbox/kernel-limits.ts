import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { Isolation } from "./isolation.ts";

/** What a process may hold beside what it holds when it has started, in bytes; above it no memory is given to it. */
export const mostMemoryBytes = 400 * 1024 * 1024;

/**
 * Has the kernel refuse a process that has started everything new: files, sockets, pipes, threads, processes, a core dump, and
 * more memory than it may have. What is open stays open: the two pipes.
 *
 * @throws Error where the limits are not there afterwards.
 */
export async function limitProcess(pid: number, { sameUser }: Pick<Isolation, "sameUser">): Promise<void> {
  const memory = dataBytes(pid) + mostMemoryBytes;
  const limits = ["nofile=0:0", "nproc=0:0", "fsize=0:0", "core=0:0", `data=${memory}:${memory}`];
  await run(sameUser, "prlimit", "--pid", String(pid), ...limits.map((limit) => `--${limit}`));
  const set = readFileSync(`/proc/${pid}/limits`, "utf8");
  for (const name of ["Max open files", "Max processes", "Max file size"]) {
    if (!new RegExp(`^${name} +0 +0 `, "m").test(set)) throw new Error(`The kernel did not set "${name}".`);
  }
}

/**
 * Moves a process with all its threads to Linux's class for what may wait, `SCHED_IDLE` (sched(7)): it leaves a processor at once to
 * any other process that wakes up. Beside programs that never rest it gets next to nothing, and only the superuser can take it out of the
 * class. Where it stays as it was, it is only in others' way.
 */
export async function moveToBackground(
  pid: number,
  { sameUser }: Pick<Isolation, "sameUser">,
): Promise<void> {
  await run(sameUser, "chrt", "--idle", "--all-tasks", "--pid", "0", String(pid)).catch(() => undefined);
}

async function run(
  sameUser: Isolation["sameUser"],
  ...command: readonly [string, ...string[]]
): Promise<void> {
  const [program, ...args] = [...sameUser, ...command];
  await promisify(execFile)(program ?? "", args, { timeout: 10_000 });
}

/** Writable memory, also where it is only reserved: what the kernel's limit counts. */
function dataBytes(pid: number): number {
  const found = /^VmData:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1] ?? 0) * 1024;
}
