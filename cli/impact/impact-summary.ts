import { originWords } from "./impact-flow.ts";
import type { ImpactReport } from "./impact-report.ts";
import { grouped } from "../grouped.ts";
import { verdict, warnings } from "./impact-words.ts";
import { reasonPairs } from "./reason-pairs.ts";

/**
 * Markdown for a pull request: counts and reasons only. No user, no picture, and no connection, whose name may be a
 * customer's.
 */
export function impactSummary(report: ImpactReport): string {
  const pairs = reasonPairs(report).map(
    (pair) => `| ${pair.old} | ${pair.new} | ${grouped(pair.users)} | ${grouped(pair.changed)} |`,
  );
  return [
    `**Who sees another picture:** ${verdict(report)}`,
    "",
    ...warnings(report).flatMap((warning) => [`> ${warning}`, ""]),
    `New: ${originWords(report.new.origin)}. Old: ${originWords(report.old.origin)}.`,
    ...(pairs.length === 0
      ? []
      : ["", "| reason before | reason after | users | changed |", "| --- | --- | ---: | ---: |", ...pairs]),
    "",
  ].join("\n");
}
