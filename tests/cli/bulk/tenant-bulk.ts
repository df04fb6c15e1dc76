import { Readable } from "node:stream";
import { applyFile, type BulkTask } from "../../../cli/bulk/apply-file.ts";
import { bulkLimits } from "../../../cli/bulk/bulk-run.ts";
import type { CommandReport } from "../../../cli/command.ts";
import type { People } from "../../../cli/people/people.ts";
import { createProgress } from "../../../lib/progress.ts";

/** Scopes of capability `bulk`. */
export const bulkScopes = ["read:users", "update:users", "create:users", "read:connections"];

/** Every line by import. */
export const allByImport = { ...bulkLimits, oneByOne: 0 };

/** Applies lines as NDJSON; does it unless the options say otherwise. */
export async function applied(
  people: People,
  lines: readonly object[],
  options: Partial<BulkTask> = {},
): Promise<CommandReport> {
  return applyFile(people, {
    input: Readable.from(lines.map((line) => `${JSON.stringify(line)}\n`)),
    format: "ndjson",
    yes: true,
    probe: false,
    report: undefined,
    limits: allByImport,
    progress: createProgress({}, { write: () => undefined }),
    ...options,
  });
}

/** How many lines had which outcome, where there were any. */
export function outcomesOf({ json }: CommandReport): Record<string, number> {
  const { outcomes } = json as { readonly outcomes: Readonly<Record<string, number>> };
  return Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0));
}
