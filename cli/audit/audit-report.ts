import type { Reason } from "../../policy/verdict.ts";
import type { BlockedUser, Example } from "./audit-counts.ts";
import type { Audit } from "./audit-users.ts";
import type { Finding, FindingCause, FindingKind } from "./finding.ts";
import type { Tally } from "./tally.ts";

/** What `pictures audit --json` prints; docs/audit.md describes the fields. */
export interface AuditReport {
  readonly stack: string;
  /** ISO 8601, when it was done. */
  readonly at: string;
  readonly users: number;
  readonly reasons: readonly {
    readonly reason: Reason;
    readonly users: number;
    readonly examples: readonly Example[];
  }[];
  readonly findings: readonly {
    readonly finding: FindingKind;
    readonly cause: FindingCause | null;
    readonly users: number;
    readonly examples: readonly Pick<Finding, "userId" | "address">[];
  }[];
  readonly blocked: readonly BlockedUser[];
  readonly hosts: { readonly own: HostCounts; readonly original: HostCounts };
  /** Addresses looked behind, or null. */
  readonly probed: number | null;
  /** Files in the bucket, or null. */
  readonly files: number | null;
}

export interface HostCounts {
  /** Users with a picture on any host of the kind. */
  readonly users: number;
  /** The commonest ones, most first. */
  readonly top: readonly { readonly host: string; readonly users: number }[];
  /** By how much a count may be too low, where there were too many hosts to count each; else 0. */
  readonly missed: number;
}

const topHosts = 50;

export function auditReport(
  { stack, at }: Pick<AuditReport, "stack" | "at">,
  { counts, probed, files }: Audit,
): AuditReport {
  const reasons = [...counts.reasons].map(([reason, group]) => ({ reason, ...group }));
  const findings = [...counts.findings.values()].map(({ kind, cause, users, examples }) => ({
    finding: kind,
    cause,
    users,
    examples: examples.map(({ userId, address }) => ({ userId, address })),
  }));
  return {
    stack,
    at,
    users: counts.users,
    reasons: mostFirst(reasons, ({ reason }) => reason),
    findings: mostFirst(findings, ({ finding, cause }) => `${finding} ${cause ?? ""}`),
    blocked: counts.blocked,
    hosts: { own: hostCounts(counts.ownHosts), original: hostCounts(counts.originalHosts) },
    probed,
    files,
  };
}

function mostFirst<T extends { readonly users: number }>(groups: T[], name: (group: T) => string): T[] {
  return groups.sort((a, b) => b.users - a.users || (name(a) < name(b) ? -1 : 1));
}

function hostCounts(tally: Tally): HostCounts {
  const top = tally.top(topHosts).map(({ name, count }) => ({ host: name, users: count }));
  return { users: tally.total(), top, missed: tally.missed() };
}
