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
  const [command = "", ...args] = [
    ...sameUser,
    "prlimit",
    "--pid",
    String(pid),
    ...limits.map((limit) => `--${limit}`),
  ];
  await promisify(execFile)(command, args, { timeout: 10_000 });
  const set = readFileSync(`/proc/${pid}/limits`, "utf8");
  for (const name of ["Max open files", "Max processes", "Max file size"]) {
    if (!new RegExp(`^${name} +0 +0 `, "m").test(set)) throw new Error(`The kernel did not set "${name}".`);
  }
}

/** Writable memory, also where it is only reserved: what the kernel's limit counts. */
function dataBytes(pid: number): number {
  const found = /^VmData:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1] ?? 0) * 1024;
}
