import { visible } from "../people/visible.ts";
import { originWords } from "./impact-flow.ts";
import type { ImpactReport } from "./impact-report.ts";
import { grouped } from "../grouped.ts";
import { exceededWords, verdict, warnings } from "./impact-words.ts";
import { reasonPairs } from "./reason-pairs.ts";

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
    `**Who sees another picture:** ${verdict(report)}`,
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
  return visible(reason).replaceAll(/[\\`*_{}[\]<>()#+!|~&@:]/g, "\\$&");
}
