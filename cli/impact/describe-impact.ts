import { missingFields } from "../../auth0/export-fields.ts";
import { displayText } from "../../lib/display-text.ts";
import { terminalLines, type TerminalText } from "../../lib/terminal-text.ts";
import { counted, grouped, visible } from "../../lib/terminal.ts";
import { reasonWords } from "../../policy/reason-words.ts";
import type { Reason } from "../../policy/verdict.ts";
import { specialReasons } from "./comparison.ts";
import { originWords } from "./impact-flow.ts";
import { isFailing, type ImpactReport, type Tallied } from "./impact-report.ts";

/** How many rows and examples are shown; all are in the JSON. */
const shownRows = 20;
const shownExamples = 3;

/** For people. */
export function describeImpact(report: ImpactReport): TerminalText {
  const { shard } = report;
  return terminalLines([
    `Stack ${report.stack}: ${originWords(report.new.origin)},`,
    `compared with ${originWords(report.old.origin)}.`,
    ...(shard === undefined ? [] : [`Part ${shard.index} of ${shard.of} of the users.`]),
    "",
    ...warnings(report),
    verdict(report),
    ...pairLines(report),
    ...connectionLines(report),
  ]);
}

function pairLines(report: ImpactReport): string[] {
  const pairs = reasonPairs(report).filter((pair) => pair.changed > 0 || isFailing(pair));
  if (pairs.length === 0) return [];
  const rows = pairs.slice(0, shownRows).flatMap((pair) => {
    const examples = report.examples
      .filter((example) => example.old.reason === pair.old && example.new.reason === pair.new)
      .slice(0, shownExamples)
      .map(({ userId }) => `${" ".repeat(14)}such as ${visible(userId)}`);
    return [`${grouped(pair.changed).padStart(12)}  ${pair.old} → ${pair.new}`, ...examples];
  });
  return ["", `${"changed".padStart(12)}  reason before → after`, ...rows, ...more(pairs.length, "reasons")];
}

function connectionLines({ connections }: ImpactReport): string[] {
  const found = Object.entries(connections)
    .filter(([, { changed }]) => changed > 0)
    .sort(([, one], [, other]) => other.changed - one.changed);
  if (found.length === 0) return [];
  const rows = found.slice(0, shownRows).map(([name, { users, changed }]) => {
    const label = name === "" ? "(connection not in the file)" : visible(name);
    return `${grouped(changed).padStart(12)}  ${label}: ${percent(changed, users)} of ${grouped(users)}`;
  });
  return ["", `${"changed".padStart(12)}  connection`, ...rows, ...more(found.length, "connections")];
}

function more(count: number, what: string): string[] {
  return count > shownRows ? [`${" ".repeat(14)}and ${grouped(count - shownRows)} more ${what}`] : [];
}

/**
 * Markdown for a pull request: counts and reasons only. No user, no picture, and no connection, whose name may be a
 * customer's.
 *
 * @param exceeded The limit, where more changes than it allows.
 */
export function impactSummary(report: ImpactReport, exceeded?: string): string {
  const pairs = reasonPairs(report).map(
    (pair) => `| ${cell(pair.old)} | ${cell(pair.new)} | ${grouped(pair.users)} | ${grouped(pair.changed)} |`,
  );
  return [
    `**Whose picture changes:** ${verdict(report)}`,
    "",
    ...(exceeded === undefined ? [] : [`> ${exceededWords(exceeded)}`, ""]),
    ...warnings(report).flatMap((warning) => [`> ${warning}`, ""]),
    `New: ${originWords(report.new.origin)}. Old: ${originWords(report.old.origin)}.`,
    ...(pairs.length === 0
      ? []
      : ["", "| reason before | reason after | users | changed |", "| --- | --- | ---: | ---: |", ...pairs]),
    "",
  ].join("\n");
}

/** A reason as text: one of a damaged or foreign part may be anything. */
function cell(reason: string): string {
  return displayText(reason).replaceAll(/[\\`*_{}[\]<>()#+!|~&@:]/g, "\\$&");
}

const specialWords: Readonly<Record<string, string>> = {
  [specialReasons.fails]: "no login: an Action denies, throws or takes too long",
  [specialReasons.none]: "the original picture: none of our Actions runs",
  [specialReasons.other]: "something different from this program's decision with the same settings",
  [specialReasons.unknown]:
    "what the code decides: it was not made by this program, or its header was edited",
};

/** What a login with this reason shows. */
export function wordsOfReason(reason: string): string {
  return specialWords[reason] ?? (reasonWords as Partial<Record<string, string>>)[reason as Reason] ?? reason;
}

/** Such as `60.2 %`; what is not nothing never looks like nothing. */
export function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return "0 %";
  const share = (part / whole) * 100;
  return share < 0.1 ? "less than 0.1 %" : `${share.toFixed(1)} %`;
}

export function verdict({ users, changed }: Pick<ImpactReport, "users" | "changed">): string {
  if (users === 0) return "There are no users.";
  if (changed === 0) return `No picture changes (${counted(users, "user")}).`;
  return `The picture changes for ${grouped(changed)} (${percent(changed, users)}) of ${counted(users, "user")}.`;
}

/** @param limit As it was given. */
export function exceededWords(limit: string): string {
  return `That is more than --max-changed ${limit} allows.`;
}

/** What is wrong, worst first: failing logins before anything about pictures. */
export function warnings({ users, failing, fields, newReasons }: ImpactReport): string[] {
  const found: string[] = [];
  if (failing.new > 0) {
    found.push(
      `LOGIN FAILS for ${counted(failing.new, "user")} with the new Actions, for ${grouped(failing.old)} with the old ones.`,
    );
  } else if (failing.old > 0) {
    found.push(
      `Login fails for ${counted(failing.old, "user")} with the old Actions, for none with the new ones.`,
    );
  }
  found.push(...missingFields(users, fields));
  if ((newReasons[specialReasons.other]?.users ?? 0) > 0) {
    found.push("For some users the Actions differ from the policy of this checkout.");
  }
  return found;
}

interface ReasonPair extends Tallied {
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
