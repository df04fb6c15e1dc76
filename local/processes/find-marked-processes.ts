import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { runIdPattern, runMark } from "./run-mark.ts";

/** A living process that carries the mark of a run. */
export interface MarkedProcess {
  readonly pid: number;
  readonly runId: string;
}

/**
 * The living processes of this user that carry the mark of that run, or of any run; never this process.
 * Zombies, and processes whose environment cannot be read, carry no mark.
 */
export async function findMarkedProcesses(runId?: string): Promise<MarkedProcess[]> {
  const marked = process.platform === "linux" ? await markedFromProc() : await markedFromPs();
  return marked.filter(({ pid, runId: found }) => pid !== process.pid && (runId ?? found) === found);
}

async function markedFromProc(): Promise<MarkedProcess[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(readMark));
  return found.filter((process) => process !== undefined);
}

async function readMark(pid: string): Promise<MarkedProcess | undefined> {
  try {
    const { uid } = await stat(`/proc/${pid}`);
    if (uid !== process.getuid?.()) return undefined;
    return markIn(Number(pid), (await readFile(`/proc/${pid}/environ`, "latin1")).split("\0"));
  } catch {
    // It ended meanwhile, or keeps its environment to itself: neither is a process of ours that lives.
    return undefined;
  }
}

async function markedFromPs(): Promise<MarkedProcess[]> {
  // macOS shows environments with -E, and only those of the user's own processes.
  const { stdout } = await promisify(execFile)("ps", ["-axwwE", "-o", "pid=,stat=,command="], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return parsePsEnvironments(stdout);
}

/** Reads the lines of `ps -o pid=,stat=,command=` with environments behind the commands. */
export function parsePsEnvironments(output: string): MarkedProcess[] {
  return output.split("\n").flatMap((line) => {
    const [pid, state, ...words] = line.trim().split(/\s+/);
    if (pid === undefined || state === undefined || state.startsWith("Z")) return [];
    return markIn(Number(pid), words) ?? [];
  });
}

function markIn(pid: number, variables: readonly string[]): MarkedProcess | undefined {
  const variable = variables.find((text) => text.startsWith(`${runMark}=`));
  const runId = variable?.slice(runMark.length + 1);
  return runId !== undefined && runIdPattern.test(runId) ? { pid, runId } : undefined;
}
