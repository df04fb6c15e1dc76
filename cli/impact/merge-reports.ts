import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerFolder } from "../../infra/caller-folder.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { UsageError } from "../usage-error.ts";
import type { Shard } from "./child/messages.ts";
import { createReport, type Comparison, type ImpactReport } from "./impact-report.ts";
import { isPart, isReport } from "./report-shape.ts";

/** A part of a report and the file that it is from. */
interface Part {
  readonly file: string;
  readonly report: ImpactReport;
  readonly shard: Shard;
}

/**
 * Puts the reports of all parts together: the report of a run over all users.
 *
 * @throws UsageError `report-unreadable`; ExpectedError `reports-differ` where they compare different things,
 *   `reports-incomplete` where a part is missing or there twice.
 */
export function mergeReports(files: readonly string[]): ImpactReport {
  const parts = files.map(readPart);
  const [first] = parts;
  if (first === undefined) throw new UsageError("report-unreadable", "Name the reports of all parts.");
  const comparison = comparisonOf(first.report);
  for (const { file, report } of parts) {
    if (JSON.stringify(comparisonOf(report)) === JSON.stringify(comparison)) continue;
    const message = `${file} and ${first.file} do not compare the same: run all parts with the same code, settings and --sample.`;
    throw new ExpectedError("reports-differ", message);
  }
  requireAll(parts, first.shard.of);
  const merged = createReport(comparison);
  for (const { report } of parts) merged.add(report);
  return merged.report();
}

function comparisonOf({ stack, old: before, new: after, sample }: ImpactReport): Comparison {
  return { stack, old: before, new: after, sample };
}

function requireAll(parts: readonly Part[], of: number): void {
  const wrong = parts.find(({ shard }) => shard.of !== of);
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter(
    (index) => parts.filter(({ shard }) => shard.index === index).length !== 1,
  );
  if (wrong === undefined && missing.length === 0) return;
  const why =
    wrong === undefined
      ? `each of the ${of} parts must be there once; look at ${missing.slice(0, 10).join(", ")}`
      : `${wrong.file} is one of ${wrong.shard.of} parts, others are of ${of}`;
  throw new ExpectedError("reports-incomplete", `The reports are not the parts of one whole: ${why}.`);
}

function readPart(file: string): Part {
  let why = "it is no report of pictures impact --json, or a damaged one";
  try {
    const report: unknown = JSON.parse(readFileSync(resolve(callerFolder(), file), "utf8"));
    if (isReport(report)) {
      if (isPart(report)) return { file, report, shard: report.shard };
      why = "it is of all users already, no part";
    }
  } catch (cause) {
    // The parser's message quotes the file.
    why = cause instanceof SyntaxError ? "it is no JSON" : messageOf(cause);
  }
  throw new UsageError("report-unreadable", `${file} cannot be used: ${why}.`);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
