import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExpectedError } from "../../infra/expected-error.ts";
import { processStart } from "./process-start.ts";

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
        `Process ${holder.pid} is at work on many users of this tenant. Wait for its end. ` +
        `If it is none of these commands, remove ${file}.`;
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

/** A process id alone is given again to others. */
function isAtWork({ pid, start }: Holder): boolean {
  return start === undefined ? isAlive(pid) : processStart(pid) === start;
}

/** Whether another process has this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
