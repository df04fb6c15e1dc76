import { isFailing, type ImpactReport, type Tallied } from "./impact-report.ts";

export interface ReasonPair extends Tallied {
  readonly old: string;
  readonly new: string;
}

/** The groups of all connections together: failing logins first, then those with the most changes. */
export function reasonPairs({ groups }: Pick<ImpactReport, "groups">): ReasonPair[] {
  const pairs = new Map<string, ReasonPair>();
  for (const { old: before, new: after, users, changed } of groups) {
    const key = `${before}\n${after}`;
    const found = pairs.get(key) ?? { old: before, new: after, users: 0, changed: 0 };
    pairs.set(key, { ...found, users: found.users + users, changed: found.changed + changed });
  }
  return [...pairs.values()].sort(
    (one, other) =>
      Number(isFailing(other)) - Number(isFailing(one)) ||
      other.changed - one.changed ||
      other.users - one.users ||
      (`${one.old}\n${one.new}` < `${other.old}\n${other.new}` ? -1 : 1),
  );
}
