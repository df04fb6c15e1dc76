import { grouped } from "../grouped.ts";
import { reasonWords } from "../people/reason-words.ts";
import { visible } from "../people/visible.ts";
import type { AuditReport, HostCounts } from "./audit-report.ts";
import { causeWords, findingWords } from "./finding.ts";

/** How many users, and hosts, a list names on a terminal. */
const named = 5;

/** The report for a terminal. */
export function describeAudit(report: AuditReport): string {
  const { stack, users, reasons, hosts, probed, files } = report;
  const looked = [
    ...(probed === null ? [] : [`Fetched: ${counted(probed, "own picture")}.`]),
    ...(files === null ? [] : [`In the bucket: ${counted(files, "file")} of users.`]),
  ];
  return [
    `${counted(users, "user")} of stack ${stack}. What their next login shows:`,
    ...reasons.map(
      (group) => `${countColumn(group.users, users)}  ${group.reason}: ${reasonWords[group.reason]}`,
    ),
    ...looked,
    ...hostLines("Own pictures on hosts of others", hosts.own),
    ...hostLines("Original pictures", hosts.original),
    ...findingLines(report),
  ].join("\n");
}

function findingLines({ findings }: AuditReport): string[] {
  if (findings.length === 0) return ["Nothing needs attention."];
  const lines = findings.flatMap(({ finding, cause, users, examples }) => {
    const { what, remedy } = findingWords[finding];
    const why = cause === null ? "" : `; ${causeWords[cause]} (${cause})`;
    const ids = examples.slice(0, named).map(({ userId }) => visible(userId));
    const more = users > ids.length ? [`and ${grouped(users - ids.length)} more`] : [];
    return [
      `${countColumn(users)}  ${finding}: ${what}${why}`,
      `${indent}${remedy}.`,
      `${indent}${[...ids, ...more].join(", ")}`,
    ];
  });
  return ["To be mended:", ...lines];
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

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).padStart(5)} %`;
}
