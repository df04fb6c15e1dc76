import { execFile, spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { pollUntil } from "../../lib/clock.ts";
import { ExpectedError } from "../../lib/errors.ts";

/**
 * The environment variable that every process of a run carries. Process groups do not do: Pulumi puts its
 * plugins into groups of their own, and a killed pulumi leaves its language host behind.
 */
export const runMark = "AUTH0_USER_PICTURES_RUN";

/** What a run id looks like; anything else after the mark is not ours. */
export const runIdPattern = /^[0-9a-f]{16}$/;

/** An id that no other run has. */
export function newRunId(): string {
  return randomBytes(8).toString("hex");
}

/** The environment with the mark of the run. */
function withMark(env: NodeJS.ProcessEnv, runId: string): NodeJS.ProcessEnv {
  return { ...env, [runMark]: runId };
}

/** The environment without any mark. */
export function withoutMark(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [runMark]: _mark, ...rest } = env;
  return rest;
}

/** Nothing but the mark, where there is one: by it the project finds its own processes. */
export function onlyMark({ [runMark]: mark }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return mark === undefined ? {} : { [runMark]: mark };
}

interface SpawnMarkedOptions {
  readonly runId: string;
  /** Without it the child gets this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly stdio?: StdioOptions;
}

/** Starts a child that carries the mark of the run, as does everything that it starts. */
export function spawnMarked(
  command: string,
  args: readonly string[],
  { runId, env = process.env, ...options }: SpawnMarkedOptions,
): ChildProcess {
  return spawn(command, args, { ...options, env: withMark(env, runId) });
}

/** A living process that carries the mark of a run. */
interface MarkedProcess {
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

interface KillOptions {
  /** How long a process has for a clean end before SIGKILL, in milliseconds. */
  readonly graceMs?: number;
  /** How long the system has to end a killed process, in milliseconds. */
  readonly killMs?: number;
}

/**
 * Ends every process that carries the mark of the run: SIGTERM, a bounded wait, SIGKILL, until none is left.
 *
 * @throws ExpectedError `processes-left` when some survive even that (they hang in the kernel).
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
  throw new ExpectedError(
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
