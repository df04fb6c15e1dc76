import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { callerFolder } from "../../lib/environment.ts";
import { ExpectedError, UsageError } from "../../lib/errors.ts";
import { openReportFile } from "../../lib/report-file.ts";
import { isTrouble, type BulkOutcome } from "./bulk-change.ts";
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
  /** Puts the file in its place; a power cut leaves it there. */
  readonly finish: () => void;
  /** Leaves nothing of a file that is not finished. */
  readonly drop: () => void;
}

interface Wanted {
  /** How many lines that would change are kept to be printed. */
  readonly examples: number;
  /** The file of changes, which is not to be written over. */
  readonly input: string | undefined;
}

/**
 * @param path As a person typed it; nothing is written without one.
 * @throws ExpectedError `report-not-writable`, here and in its functions; UsageError `report-is-input`.
 */
export function outcomeReport(path: string | undefined, wanted: Wanted): OutcomeReport {
  const file = path === undefined ? undefined : opened(path, wanted.input);
  const examples: BulkOutcome[] = [];
  const troubles: BulkOutcome[] = [];
  const add = (outcome: BulkOutcome) => {
    file?.write(`${JSON.stringify(outcome)}\n`);
    if (isTrouble(outcome) && troubles.length < printedLines) troubles.push(outcome);
    if (outcome.outcome === "would-change" && examples.length < wanted.examples) examples.push(outcome);
  };
  return {
    add,
    addAll: (ledger) => {
      for (const outcome of notedOutcomes(ledger)) add(outcome);
    },
    found: () => ({ examples, troubles }),
    finish: () => file?.finish(),
    drop: () => file?.drop(),
  };
}

function opened(
  name: string,
  input: string | undefined,
): Pick<OutcomeReport, "finish" | "drop"> & {
  readonly write: (text: string) => void;
} {
  const path = resolve(callerFolder(), name);
  if (input !== undefined && realPath(path) === realPath(input)) {
    throw new UsageError(
      "report-is-input",
      `--report ${name} is the file of changes itself. Name another one.`,
    );
  }
  const file = writing(name, () => openReportFile("--report", name));
  return {
    write: (text) => {
      writing(name, () => {
        file.write(text);
      });
    },
    finish: () => {
      writing(name, () => {
        file.finish();
      });
    },
    drop: file.drop,
  };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function writing<T>(name: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = cause instanceof ExpectedError ? why : `--report ${name} cannot be written: ${why}.`;
    throw new ExpectedError("report-not-writable", message, { cause });
  }
}
