/** What became of a user, or would: a copy is made; the copy there is up to date; the source gave no picture; no copy is wanted. */
export const outcomes = ["copied", "unchanged", "failed", "skipped"] as const;

export type Outcome = (typeof outcomes)[number];

export type OutcomeCounts = Record<Outcome, number>;

/** What a run knows so far. It does not grow with the number of users. */
export interface MirrorCounts {
  readonly counts: OutcomeCounts;
  /** By the host that was asked; `base64Host` for pictures that stand in the profile. */
  readonly hosts: Map<string, OutcomeCounts>;
  /** Why users were skipped, or failed: by a reason of the policy or an error's code. */
  readonly reasons: Map<string, number>;
}

export interface MirrorOutcome {
  readonly outcome: Outcome;
  /** Left out where nobody would be asked. */
  readonly host?: string | undefined;
  /** Of one that was skipped or failed. */
  readonly why?: string | undefined;
}

/** Stands among the hosts for pictures that are in the profile itself. */
export const base64Host = "base64";

/** All hosts behind the first `mostHosts` are counted together. */
const otherHosts = "others";

const mostHosts = 10_000;

export function noCounts(): MirrorCounts {
  return { counts: zeros(), hosts: new Map(), reasons: new Map() };
}

export function countOutcome(
  { counts, hosts, reasons }: MirrorCounts,
  { outcome, host, why }: MirrorOutcome,
): void {
  counts[outcome] += 1;
  if (why !== undefined) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  if (host === undefined) return;
  const name = hosts.has(host) || hosts.size < mostHosts ? host : otherHosts;
  const ofHost = hosts.get(name) ?? zeros();
  hosts.set(name, ofHost);
  ofHost[outcome] += 1;
}

/** Those of the most users first. */
export function sortedHosts({ hosts }: Pick<MirrorCounts, "hosts">): [string, OutcomeCounts][] {
  const users = (counts: OutcomeCounts) => outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
  return [...hosts].sort(([a, one], [b, other]) => users(other) - users(one) || (a < b ? -1 : 1));
}

function zeros(): OutcomeCounts {
  return { copied: 0, unchanged: 0, failed: 0, skipped: 0 };
}
