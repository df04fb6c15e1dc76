import { setTimeout as sleep } from "node:timers/promises";
import { ExpectedError } from "../../infra/expected-error.ts";
import { mayPass } from "../management/patiently.ts";
import type { BulkRun } from "./bulk-run.ts";
import type { FilesInFlight } from "./files-in-flight.ts";
import { importsKeepFailing } from "./import-file.ts";

/** Jobs in a row of which none is known to have worked. */
const failuresInARow = 6;

/** A run's imports at work. */
export interface Imports {
  readonly run: BulkRun;
  readonly files: FilesInFlight;
  /** Of the latest jobs, how many in a row came to nothing. */
  failed: number;
}

/** An export that breaks off has changed nothing. */
export async function readPatiently<T>(imports: Imports, read: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const isBroken = error instanceof ExpectedError && error.code === "export-failed";
      if (!isBroken && !mayPass(error)) throw error;
      await pause(imports, "unknown", { error });
    }
  }
}

/**
 * Other people's imports and limits pass; what fails again and again is left to a later run.
 *
 * @throws `error` then, or ExpectedError `imports-failed` without one.
 */
export async function pause(
  imports: Imports,
  why: "busy" | "unknown",
  { error, waitMs = 0 }: { readonly error?: unknown; readonly waitMs?: number } = {},
): Promise<void> {
  imports.failed += why === "unknown" ? 1 : 0.25;
  if (imports.failed >= failuresInARow) throw error instanceof Error ? error : importsKeepFailing();
  await sleep(Math.max(Math.min(1000 * 2 ** imports.failed, 30_000), waitMs));
}
