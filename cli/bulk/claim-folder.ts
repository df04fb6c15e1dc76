import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExpectedError } from "../../infra/expected-error.ts";

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
    if (holder !== undefined && isAlive(holder)) {
      const message = `Process ${holder} is at work on the same file. Wait for its end.`;
      throw new ExpectedError("run-under-way", message);
    }
    rmSync(file, { force: true });
  }
  return () => {
    rmSync(file, { force: true });
  };
}

function claimed(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function holderOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
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
