import { flatFieldWords, missingFields } from "../../auth0/export-fields.ts";
import { terminalLines, type TerminalText } from "../../lib/terminal-text.ts";
import { counted, grouped, visible } from "../../lib/terminal.ts";
import { reasonWords } from "../../policy/reason-words.ts";
import type { Reason } from "../../policy/verdict.ts";
import {
  connectionOf,
  type AuditCounts,
  type BlockedUser,
  type Example,
  type Tally,
} from "./audit-counts.ts";
import type { Audit } from "./audit-users.ts";
import {
  describeFinding,
  findingWords,
  type Finding,
  type FindingCause,
  type FindingKind,
} from "../people/finding.ts";

/** What `pictures audit --json` prints; docs/audit.md describes the fields. */
export interface AuditReport {
  readonly stack: string;
  /** ISO 8601, when it was done. */
  readonly at: string;
  readonly users: number;
  /** For people: why the audit says less than it should. Empty where the users are complete. */
  readonly warnings: readonly string[];
  readonly reasons: readonly {
    readonly reason: Reason;
    readonly users: number;
    readonly examples: readonly Example[];
  }[];
  readonly connections: ConnectionCounts;
  readonly findings: readonly {
    readonly finding: FindingKind;
    readonly cause: FindingCause | null;
    readonly users: number;
    readonly examples: readonly Pick<Finding, "userId" | "address" | "detail">[];
  }[];
  readonly blocked: readonly BlockedUser[];
  readonly hosts: { readonly own: HostCounts; readonly original: HostCounts };
  /** Addresses looked behind, or null. */
  readonly probed: number | null;
  /** Files in the bucket, or null. */
  readonly files: number | null;
}

/** By the primary identity's connection. */
export interface ConnectionCounts {
  /** Those with most users, most first. The connection is null where a user has none. */
  readonly top: readonly {
    readonly connection: string | null;
    readonly users: number;
    readonly reasons: readonly { readonly reason: Reason; readonly users: number }[];
  }[];
  /** As that of `HostCounts`. */
  readonly missed: number;
}

export interface HostCounts {
  /** Users with a picture on any host of the kind. */
  readonly users: number;
  /** The commonest ones, most first. */
  readonly top: readonly { readonly host: string; readonly users: number }[];
  /** By how much a count may be too low, where there were too many hosts to count each; else 0. */
  readonly missed: number;
}

/** How many hosts, and connections, are named. */
const topNames = 50;

/** What is reported, and where the users are from: only a file may lack fields. */
interface Audited extends Pick<AuditReport, "stack" | "at"> {
  readonly isFile: boolean;
}

export function auditReport({ stack, at, isFile }: Audited, { counts, probed, files }: Audit): AuditReport {
  const reasons = [...counts.reasons].map(([reason, group]) => ({ reason, ...group }));
  const findings = [...counts.findings.values()].map(({ kind, cause, users, examples }) => ({
    finding: kind,
    cause,
    users,
    examples: examples.map(({ userId, address, detail }) => ({
      userId,
      address,
      ...(detail === undefined ? {} : { detail }),
    })),
  }));
  return {
    stack,
    at,
    users: counts.users,
    warnings: warningsOf(counts, isFile),
    reasons: mostFirst(reasons, ({ reason }) => reason),
    connections: connectionCounts(counts.connections),
    findings: mostFirst(findings, ({ finding, cause }) => `${finding} ${cause ?? ""}`),
    blocked: counts.blocked,
    hosts: { own: hostCounts(counts.ownHosts), original: hostCounts(counts.originalHosts) },
    probed,
    files,
  };
}

function warningsOf({ users, fields, flatFields }: AuditCounts, isFile: boolean): readonly string[] {
  if (users === 0) return [`There are no users${isFile ? " in the file" : ""}: nothing was checked.`];
  return isFile ? [...[...flatFields].map(flatFieldWords), ...missingFields(users, fields)] : [];
}

function mostFirst<T extends { readonly users: number }>(groups: T[], name: (group: T) => string): T[] {
  return groups.sort((a, b) => b.users - a.users || (name(a) < name(b) ? -1 : 1));
}

function connectionCounts(tally: Tally): ConnectionCounts {
  const groups = new Map<string | null, { reason: Reason; users: number }[]>();
  for (const { name, count: users } of tally.top(Number.POSITIVE_INFINITY)) {
    const { connection, reason } = connectionOf(name);
    groups.set(connection, [...(groups.get(connection) ?? []), { reason, users }]);
  }
  const all = [...groups].map(([connection, reasons]) => ({
    connection,
    users: reasons.reduce((sum, group) => sum + group.users, 0),
    reasons,
  }));
  const top = mostFirst(all, ({ connection }) => connection ?? "").slice(0, topNames);
  return { top, missed: tally.missed() };
}

function hostCounts(tally: Tally): HostCounts {
  const top = tally.top(topNames).map(({ name, count }) => ({ host: name, users: count }));
  return { users: tally.total(), top, missed: tally.missed() };
}

/** How many users, and hosts, a list names on a terminal. */
const named = 5;

/** The report for a terminal. */
export function describeAudit(report: AuditReport): TerminalText {
  const { stack, users, reasons, hosts, probed, files } = report;
  const looked = [
    ...(probed === null ? [] : [`Fetched: ${counted(probed, "own picture")}.`]),
    ...(files === null ? [] : [`In the bucket: ${counted(files, "file")} of users.`]),
  ];
  return terminalLines([
    `${counted(users, "user")} of stack ${stack}.${users === 0 ? "" : " What their next login shows:"}`,
    ...reasons.map(
      (group) => `${countColumn(group.users, users)}  ${group.reason}: ${reasonWords[group.reason]}`,
    ),
    ...looked,
    ...hostLines("Own pictures on other hosts", hosts.own),
    ...hostLines("Original pictures", hosts.original),
    ...findingLines(report),
    ...(report.warnings.length === 0
      ? []
      : ["NOT COMPLETE:", ...report.warnings.map((warning) => `  ${visible(warning)}`)]),
  ]);
}

function findingLines({ findings, warnings }: AuditReport): string[] {
  if (findings.length === 0) return warnings.length === 0 ? ["Nothing needs attention."] : [];
  const lines = findings.flatMap(({ finding, cause, users, examples }) => {
    const ids = examples.slice(0, named).map(({ userId, detail }) => {
      return detail === undefined ? visible(userId) : `${visible(userId)} (${detail})`;
    });
    const more = users > ids.length ? [`and ${grouped(users - ids.length)} more`] : [];
    return [
      `${countColumn(users)}  ${describeFinding({ kind: finding, cause })}`,
      `${indent}${findingWords[finding].remedy}.`,
      `${indent}${[...ids, ...more].join(", ")}`,
    ];
  });
  return ["To fix:", ...lines];
}

function hostLines(title: string, { users, top, missed }: HostCounts): string[] {
  if (users === 0) return [];
  const lines = top.slice(0, named).map((host) => `${countColumn(host.users, users)}  ${visible(host.host)}`);
  const rest = top.length > named ? [`${indent}and other hosts (--json has more)`] : [];
  const note = missed === 0 ? "" : `, each count up to ${grouped(missed)} too low`;
  return [`${title} (${counted(users, "user")}${note}):`, ...lines, ...rest];
}

const countWidth = 11;
const indent = " ".repeat(countWidth + 2);

function countColumn(count: number, of?: number): string {
  const share = of === undefined || of === 0 ? "" : ` ${percent(count / of)}`;
  return `${grouped(count).padStart(countWidth)}${share}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).padStart(5)} %`;
}
