import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExpectedError } from "../../infra/expected-error.ts";
import type { Environment } from "../environment.ts";
import { stateFolder } from "../state-folder.ts";
import { isAlive } from "./claim-folder.ts";

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
  const message = `${parent} cannot be written: ${why}. Make room there, or set XDG_STATE_HOME to a folder of yours.`;
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
