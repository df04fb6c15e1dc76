import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerFolder } from "../../lib/environment.ts";
import { ExpectedError, UsageError } from "../../lib/errors.ts";
import { isRecord } from "../../lib/json.ts";
import { decodeText } from "../../lib/text-encoding.ts";
import type { Shard } from "./comparison.ts";
import { createReport, type Comparison, type ImpactReport } from "./impact-report.ts";
import { mostShards } from "./options.ts";

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
      ? `each of the ${of} parts must be there once; check ${missing.slice(0, 10).join(", ")}`
      : `${wrong.file} is one of ${wrong.shard.of} parts, others are of ${of}`;
  throw new ExpectedError("reports-incomplete", `The reports are not all parts of one run: ${why}.`);
}

function readPart(file: string): Part {
  let why = "it is not a report of pictures impact --json, or it is damaged";
  try {
    const report: unknown = JSON.parse(decodeText(readFileSync(resolve(callerFolder(), file))));
    if (isReport(report)) {
      if (isPart(report)) return { file, report, shard: report.shard };
      why = "it already covers all users; it is not a part";
    }
  } catch (cause) {
    // The parser's message quotes the file.
    why = cause instanceof SyntaxError ? "it is not valid JSON" : messageOf(cause);
  }
  throw new UsageError("report-unreadable", `${file} cannot be used: ${why}.`);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** The report of one part of the users. */
type PartReport = ImpactReport & { readonly shard: Shard };

type Check = (value: unknown) => boolean;

/**
 * Whether it is a report, of a part or of all users, in every field that is merged: the other ones are computed again. Its totals
 * must be those of its groups.
 */
function isReport(value: unknown): value is ImpactReport {
  if (!hasFields(value)) return false;
  const { groups, users, changed } = value as ImpactReport;
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  return (
    users === total(groups.map((group) => group.users)) &&
    changed === total(groups.map((group) => group.changed))
  );
}

/** Whether it is the report of a part. */
function isPart(report: ImpactReport): report is PartReport {
  return report.shard !== undefined;
}

const isText: Check = (value) => typeof value === "string";

const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

const isOutcome: Check = hasShape({
  reason: isText,
  picture: (picture) => picture === null || isText(picture),
});

const isOrigin: Check = (origin) =>
  [
    hasShape({ from: (from) => from === "deployed", tenant: isText }),
    hasShape({ from: (from) => from === "commit", commit: isText, stack: isText }),
    hasShape({ from: (from) => from === "program", stack: isText }),
  ].some((check) => check(origin));

const isFlow: Check = hasShape({
  origin: isOrigin,
  actions: listOf(hasShape({ name: isText, sha256: isText })),
});

const hasGroupFields: Check = hasShape({
  old: isText,
  new: isText,
  connection: isText,
  users: isCount,
  changed: isCount,
});

const hasFields: Check = hasShape({
  kind: (kind) => kind === "pictures-impact",
  formatVersion: (version) => version === 1,
  stack: isText,
  old: isFlow,
  new: isFlow,
  shard: (shard) => shard === undefined || isShard(shard),
  sample: isCount,
  users: isCount,
  changed: isCount,
  groups: listOf(isGroup),
  fields: hasShape({ identities: isCount, user_metadata: isCount, app_metadata: isCount }),
  examples: listOf(hasShape({ userId: isText, connection: isText, old: isOutcome, new: isOutcome })),
});

function isGroup(value: unknown): boolean {
  return hasGroupFields(value) && isRecord(value) && Number(value["changed"]) <= Number(value["users"]);
}

function isShard(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { index, of } = value;
  return (
    isCount(index) &&
    isCount(of) &&
    Number(index) >= 1 &&
    Number(index) <= Number(of) &&
    Number(of) <= mostShards
  );
}

function hasShape(fields: Readonly<Record<string, Check>>): Check {
  return (value) => isRecord(value) && Object.entries(fields).every(([name, check]) => check(value[name]));
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}
