import { visible } from "../people/visible.ts";
import { grouped } from "../grouped.ts";
import { percent, verdict, warnings } from "./impact-words.ts";
import { originWords } from "./impact-flow.ts";
import { isFailing, type ImpactReport } from "./impact-report.ts";
import { reasonPairs } from "./reason-pairs.ts";

/** How many rows and examples are shown; all are in the JSON. */
const shownRows = 20;
const shownExamples = 3;

/** For people. */
export function describeImpact(report: ImpactReport): string {
  const { shard } = report;
  return [
    `Stack ${report.stack}: ${originWords(report.new.origin)},`,
    `compared with ${originWords(report.old.origin)}.`,
    ...(shard === undefined ? [] : [`Part ${shard.index} of ${shard.of} of the users.`]),
    "",
    ...warnings(report),
    verdict(report),
    ...pairLines(report),
    ...connectionLines(report),
  ].join("\n");
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
