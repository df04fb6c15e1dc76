import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { BulkRun } from "./bulk-run.ts";
import { filesInFlight } from "./files-in-flight.ts";
import { endOfJob } from "./import-file.ts";

/** Folders of the same tenant's other runs that were cut off. */
function otherRuns(folder: string): string[] {
  const parent = dirname(folder);
  if (!existsSync(parent)) return [];
  const names = readdirSync(parent).filter((name) => name !== basename(folder));
  return names.map((name) => join(parent, name)).filter((path) => existsSync(join(path, "run.json")));
}

/** What people should know of runs over other files that did not come to their end. */
export function noteOtherRuns(folder: string): string[] {
  return otherRuns(folder).map(
    (path) =>
      `A run over another file was cut off. It is noted in ${path}: run its command again to finish it, or remove that folder.`,
  );
}

/** Waits for their imports, which would write over what is changed now. */
export async function waitForOtherRuns(run: BulkRun): Promise<void> {
  for (const path of otherRuns(run.folder)) {
    for (const { jobId } of filesInFlight(path, run.id).left()) {
      if (jobId !== undefined) await endOfJob(run, jobId);
    }
  }
}
