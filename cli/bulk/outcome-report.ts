import { resolve } from "node:path";
import { callerFolder } from "../../infra/caller-folder.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { lineWriter, type LineWriter } from "../line-writer.ts";
import type { BulkOutcome } from "./bulk-outcome.ts";
import { printedLines } from "./describe-bulk.ts";
import { notedOutcomes } from "./ledger.ts";

/** Outcomes as they are written to a file, and the few that are printed. */
export interface OutcomeReport {
  readonly add: (outcome: BulkOutcome) => void;
  /** What a ledger noted. */
  readonly addAll: (file: string) => void;
  readonly found: () => {
    readonly examples: readonly BulkOutcome[];
    readonly troubles: readonly BulkOutcome[];
  };
  readonly close: () => void;
}

/**
 * @param path As a person typed it; nothing is written without one.
 * @throws ExpectedError `report-not-writable`.
 */
export function outcomeReport(
  path: string | undefined,
  wanted: { readonly examples: number },
): OutcomeReport {
  const lines = path === undefined ? undefined : opened(path);
  const examples: BulkOutcome[] = [];
  const troubles: BulkOutcome[] = [];
  const add = (outcome: BulkOutcome) => {
    lines?.write(JSON.stringify(outcome));
    const isTrouble = outcome.outcome === "gone" || outcome.outcome === "failed";
    if (isTrouble && troubles.length < printedLines) troubles.push(outcome);
    if (outcome.outcome === "would-change" && examples.length < wanted.examples) examples.push(outcome);
  };
  return {
    add,
    addAll: (file) => {
      for (const outcome of notedOutcomes(file)) add(outcome);
    },
    found: () => ({ examples, troubles }),
    close: () => lines?.close(),
  };
}

function opened(path: string): LineWriter {
  try {
    return lineWriter(resolve(callerFolder(), path), "w");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("report-not-writable", `--report ${path} cannot be written: ${why}.`, { cause });
  }
}
