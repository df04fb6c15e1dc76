import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stateFolder, type Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";

/** Where the runs over a tenant's users are noted until they end, beside the journal. */
export function bulkFolder(domain: string, env: Environment): string {
  return join(stateFolder(env), "bulk", domain);
}

/**
 * A folder for as long as this process lives. Those of processes that were killed are removed.
 *
 * @throws ExpectedError `state-not-writable`.
 */
export function scratchFolder(parent: string): string {
  try {
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(parent)) {
      const pid = /^scratch-(\d+)-/.exec(name)?.[1];
      if (pid !== undefined && !isAlive(Number(pid)))
        rmSync(join(parent, name), { recursive: true, force: true });
    }
    return mkdtempSync(join(parent, `scratch-${process.pid}-`));
  } catch (cause) {
    throw notWritable(parent, cause);
  }
}

const fullDisk = ["ENOSPC", "EDQUOT", "EROFS"];

/** What it means for people that the disk is full; anything else is given back as it is. */
export function stateFailure(parent: string, error: unknown): unknown {
  if (error instanceof ExpectedError) return error;
  const isFull = fullDisk.includes(String((Object(error) as NodeJS.ErrnoException).code));
  return isFull ? notWritable(parent, error) : error;
}

function notWritable(parent: string, cause: unknown): ExpectedError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `${parent} cannot be written: ${why}. Make room there, or set XDG_STATE_HOME to a folder that you can write to.`;
  return new ExpectedError("state-not-writable", message, { cause });
}

/** When the run of this folder began: now, for a new one. */
export function startOfRun(folder: string, now: Date): Date {
  const file = join(folder, "run.json");
  try {
    const { startedAt } = JSON.parse(readFileSync(file, "utf8")) as { readonly startedAt: string };
    return new Date(startedAt);
  } catch {
    writeFileSync(file, JSON.stringify({ startedAt: now.toISOString() }), { mode: 0o600 });
    return now;
  }
}

/**
 * Makes a folder this process's own, for its owner's eyes only, until what is returned is called. A process that was
 * killed has none.
 *
 * @throws ExpectedError `run-under-way` where a living process has it.
 */
export function claimFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "pid");
  while (!claimed(file)) {
    const holder = holderOf(file);
    if (holder !== undefined && isAtWork(holder)) {
      const message =
        `Process ${holder.pid} is changing many users of this tenant. Wait until it ends. ` +
        `If that process is not a pictures command, remove ${file}.`;
      throw new ExpectedError("run-under-way", message);
    }
    rmSync(file, { force: true });
  }
  return () => {
    rmSync(file, { force: true });
  };
}

interface Holder {
  readonly pid: number;
  /** Undefined where the system did not tell. */
  readonly start: string | undefined;
}

function claimed(file: string): boolean {
  try {
    const holder = [process.pid, processStart(process.pid) ?? ""].join(" ").trim();
    writeFileSync(file, holder, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function holderOf(file: string): Holder | undefined {
  try {
    const [id, start] = readFileSync(file, "utf8").split(" ");
    const pid = Number(id);
    return Number.isSafeInteger(pid) && pid > 0 ? { pid, start } : undefined;
  } catch {
    return undefined;
  }
}

/** A process id may be reused by another process. */
function isAtWork({ pid, start }: Holder): boolean {
  return start === undefined ? isAlive(pid) : processStart(pid) === start;
}

/** Whether another process has this id. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * When a process began, as the system writes it: with the process id it names one process for good. Undefined where there is
 * no such process, or the system does not tell.
 */
export function processStart(pid: number): string | undefined {
  try {
    if (process.platform !== "linux") return startFromPs(pid);
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // proc(5): the second field is a name in parentheses, which may hold spaces; the start is the 22nd.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // One that ended, and whose parent has not asked about it yet.
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  const env = { PATH: process.env["PATH"], LC_ALL: "C" };
  const start = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env }).trim();
  return start === "" ? undefined : start.replace(/\s+/g, "-");
}
