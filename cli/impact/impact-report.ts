import type { BatchCounts, Example, FieldCounts, Group, Shard } from "./comparison.ts";
import { specialReasons } from "./comparison.ts";
import { createExampleSample } from "./example-sample.ts";
import type { FlowSummary } from "./impact-flow.ts";

/** What is compared, of whom. */
export interface Comparison {
  /** The stack's own name. */
  readonly stack: string;
  readonly old: FlowSummary;
  readonly new: FlowSummary;
  /** Left out where all users were looked at. */
  readonly shard?: Shard;
  /** How many examples of each pair of reasons are kept. */
  readonly sample: number;
}

export interface Tallied {
  readonly users: number;
  /** Those of them whose picture changes, or whose login fails in one of the two only. */
  readonly changed: number;
}

/** The document of `pictures impact --json`. The same users give the same bytes, whatever the order and the processes. */
export interface ImpactReport extends Comparison, Tallied {
  readonly kind: "pictures-impact";
  readonly formatVersion: 1;
  /** How many logins fail, by the old and by the new Actions. */
  readonly failing: { readonly old: number; readonly new: number };
  readonly oldReasons: Readonly<Record<string, Tallied>>;
  readonly newReasons: Readonly<Record<string, Tallied>>;
  readonly connections: Readonly<Record<string, Tallied>>;
  /** Failing logins first, then those with the most changes. */
  readonly groups: readonly Group[];
  /** How many users came with these fields: all zero means that the export left them out. */
  readonly fields: FieldCounts;
  readonly examples: readonly Example[];
}

export interface ReportBuilder {
  readonly add: (counts: Pick<BatchCounts, "groups" | "fields" | "examples">) => void;
  readonly users: () => number;
  readonly report: () => ImpactReport;
}

export function createReport(comparison: Comparison): ReportBuilder {
  const groups = new Map<string, Group>();
  const sample = createExampleSample(comparison.sample);
  let fields: FieldCounts = { identities: 0, user_metadata: 0, app_metadata: 0 };
  let users = 0;
  return {
    add: (counts) => {
      for (const group of counts.groups) {
        const key = JSON.stringify([group.old, group.new, group.connection]);
        groups.set(key, sum(groups.get(key), group));
        users += group.users;
      }
      for (const example of counts.examples) sample.add(example);
      fields = {
        identities: fields.identities + counts.fields.identities,
        user_metadata: fields.user_metadata + counts.fields.user_metadata,
        app_metadata: fields.app_metadata + counts.fields.app_metadata,
      };
    },
    users: () => users,
    report: () => build(comparison, [...groups.values()].sort(compareGroups), fields, sample.examples()),
  };
}

function build(
  comparison: Comparison,
  groups: readonly Group[],
  fields: FieldCounts,
  examples: readonly Example[],
): ImpactReport {
  const { users, changed } = tallied(groups);
  const { stack, old: before, new: after, shard, sample } = comparison;
  return {
    kind: "pictures-impact",
    formatVersion: 1,
    stack,
    old: before,
    new: after,
    ...(shard === undefined ? {} : { shard }),
    users,
    changed,
    failing: {
      old: tallied(groups.filter((group) => group.old === specialReasons.fails)).users,
      new: tallied(groups.filter((group) => group.new === specialReasons.fails)).users,
    },
    oldReasons: by(groups, (group) => group.old),
    newReasons: by(groups, (group) => group.new),
    connections: by(groups, (group) => group.connection),
    groups,
    fields,
    sample,
    examples,
  };
}

function by(groups: readonly Group[], keyOf: (group: Group) => string): Record<string, Tallied> {
  const found = new Map<string, Group[]>();
  for (const group of groups) {
    const list = found.get(keyOf(group));
    if (list === undefined) found.set(keyOf(group), [group]);
    else list.push(group);
  }
  const sorted = [...found].sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, list]) => [key, tallied(list)]));
}

function tallied(groups: readonly Group[]): Tallied {
  let users = 0;
  let changed = 0;
  for (const group of groups) {
    users += group.users;
    changed += group.changed;
  }
  return { users, changed };
}

function sum(one: Group | undefined, other: Group): Group {
  return one === undefined
    ? other
    : { ...other, users: one.users + other.users, changed: one.changed + other.changed };
}

function compareGroups(one: Group, other: Group): number {
  const failing = Number(isFailing(other)) - Number(isFailing(one));
  if (failing !== 0) return failing;
  if (one.changed !== other.changed) return other.changed - one.changed;
  if (one.users !== other.users) return other.users - one.users;
  return JSON.stringify([one.old, one.new, one.connection]) <
    JSON.stringify([other.old, other.new, other.connection])
    ? -1
    : 1;
}

/** How many logins fail with the new Actions that do not with the old ones. */
export function newlyFailing({ groups }: Pick<ImpactReport, "groups">): number {
  const { fails } = specialReasons;
  return tallied(groups.filter((group) => group.new === fails && group.old !== fails)).users;
}

export function isFailing(group: { readonly old: string; readonly new: string }): boolean {
  return group.new === specialReasons.fails || group.old === specialReasons.fails;
}
