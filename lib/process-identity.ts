import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Identifies one process permanently: a pid may be reused by another process. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The system's notation of its start time; only good for comparing. */
  readonly startedAt: string;
}

/** What the system knows of a living process. */
export interface ProcessStatus extends ProcessIdentity {
  readonly parentPid: number;
}

/** The living process with that pid; undefined when there is none, or only a zombie. */
export function processStatus(pid: number): ProcessStatus | undefined {
  return process.platform === "linux" ? statusFromProc(pid) : statusFromPs(pid);
}

/** Whether the very same process still lives. */
export function isAlive({ pid, startedAt }: ProcessIdentity): boolean {
  return processStatus(pid)?.startedAt === startedAt;
}

/** Whether what was read from a file has the form of one. */
export function isIdentity(value: unknown): value is ProcessIdentity {
  const { pid, startedAt } = Object(value) as Record<string, unknown>;
  return Number.isSafeInteger(pid) && typeof startedAt === "string";
}

/**
 * Whether any process has that pid now. A pid is given again to others: ask {@link isAlive} wherever the start time is
 * known. True also for a process of another user.
 */
export function isPidInUse(pid: number): boolean {
  // 0 and negative numbers mean groups of processes to kill(2).
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/**
 * This process.
 *
 * @throws Error when the system does not show it, which no supported system does.
 */
export function ownIdentity(): ProcessIdentity {
  const status = processStatus(process.pid);
  if (status === undefined) throw new Error("The system does not list this process");
  return { pid: status.pid, startedAt: status.startedAt };
}

function statusFromProc(pid: number): ProcessStatus | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  return parseProcStat(pid, stat);
}

/** Reads `/proc/<pid>/stat` (proc(5)). */
export function parseProcStat(pid: number, stat: string): ProcessStatus | undefined {
  const fields = procStatFields(stat);
  const [state, parentPid] = fields;
  const startedAt = fields[19];
  if (state === undefined || parentPid === undefined || startedAt === undefined || isDead(state))
    return undefined;
  return { pid, parentPid: Number(parentPid), startedAt };
}

/** The fields of `/proc/<pid>/stat` (proc(5)) from the third one on, the state. */
export function procStatFields(stat: string): string[] {
  // The second field is the command's name in parentheses, which may hold spaces and parentheses itself.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function statusFromPs(pid: number): ProcessStatus | undefined {
  try {
    const columns = ["-o", "stat=", "-o", "ppid=", "-o", "lstart=", "-p", String(pid)];
    // Two processes must read the same start time, whatever their language and time zone are.
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    return parsePsStatus(
      pid,
      execFileSync("ps", columns, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] }),
    );
  } catch {
    return undefined;
  }
}

/** Reads one line of `ps -o stat= -o ppid= -o lstart=`. */
export function parsePsStatus(pid: number, line: string): ProcessStatus | undefined {
  const match = /^(\S+)\s+(\d+)\s+(\S.*)$/.exec(line.trim());
  const [, state, parentPid, startedAt] = match ?? [];
  if (state === undefined || parentPid === undefined || startedAt === undefined || isDead(state))
    return undefined;
  return { pid, parentPid: Number(parentPid), startedAt };
}

function isDead(state: string): boolean {
  return state.startsWith("Z") || state.startsWith("X");
}
