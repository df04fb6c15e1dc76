import { isRecord } from "../json-record.ts";
import type { Shard } from "./child/messages.ts";
import type { ImpactReport } from "./impact-report.ts";
import { mostShards } from "./shard.ts";

/** The report of one part of the users. */
export type PartReport = ImpactReport & { readonly shard: Shard };

type Check = (value: unknown) => boolean;

/**
 * Whether it is a report, of a part or of all users, in every field that is merged: the other ones are made anew. Its totals
 * must be those of its groups.
 */
export function isReport(value: unknown): value is ImpactReport {
  if (!hasFields(value)) return false;
  const { groups, users, changed } = value as ImpactReport;
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  return (
    users === total(groups.map((group) => group.users)) &&
    changed === total(groups.map((group) => group.changed))
  );
}

/** Whether it is the report of a part. */
export function isPart(report: ImpactReport): report is PartReport {
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
