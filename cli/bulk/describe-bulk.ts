import { counted, grouped, visible } from "../../lib/terminal.ts";
import { reasonWords } from "../../policy/reason-words.ts";
import { exitCode, type CommandReport } from "../command.ts";
import { shown, tokensNote } from "../people/next-login.ts";
import {
  outcomes,
  type BulkCounts,
  type BulkOutcome,
  type LineProblem,
  type Outcome,
} from "./bulk-change.ts";

/** What a run, or a dry run, came to. */
export interface BulkSummary {
  readonly stack: string;
  readonly dryRun: boolean;
  readonly lines: number;
  readonly byAction: Readonly<Record<string, number>>;
  readonly counts: BulkCounts;
  /** The first ones that change, in a dry run, and those that cannot. */
  readonly examples: readonly BulkOutcome[];
  readonly troubles: readonly BulkOutcome[];
  /** Where all of them are written, if anywhere. */
  readonly report: string | undefined;
  /** What else people should know. */
  readonly notes: readonly string[];
  /** Of an unfinished run of the same file: lines that have an outcome. */
  readonly unfinished?: number | undefined;
}

/** How many lines of a kind are printed. */
export const printedLines = 20;

export function describeBulk(summary: BulkSummary): CommandReport {
  const { stack, dryRun, lines, byAction, counts, report, troubles, notes } = summary;
  const { gone = 0, failed = 0 } = counts.outcomes;
  return {
    ...(gone + failed > 0 ? { exitCode: exitCode.found } : {}),
    text: textOf(summary),
    json: {
      stack,
      dryRun,
      lines,
      actions: byAction,
      ...withZeros(counts),
      troubles,
      notes,
      report: report ?? null,
    },
  };
}

/** Programs find every count there. */
function withZeros({ outcomes: counted, via, reasons }: BulkCounts): BulkCounts {
  const zeros = Object.fromEntries(outcomes.map((outcome) => [outcome, 0]));
  return { outcomes: { ...zeros, ...counted }, via: { import: 0, patch: 0, ...via }, reasons };
}

function textOf(summary: BulkSummary): string {
  const { dryRun, lines, byAction, examples, report, unfinished, notes } = summary;
  return [
    `${counted(lines, "line")}: ${namedCounts(byAction)}.`,
    ...countLines(summary),
    ...examples.map(exampleLine),
    ...troubleLines(summary),
    ...notes.map(visible),
    ...(report === undefined ? [] : [`The outcome of each line is in ${report}.`]),
    ...(unfinished === undefined
      ? []
      : [
          `A run over this file was interrupted after ${counted(unfinished, "line")}: with --yes it continues.`,
        ]),
    dryRun ? "Nothing was changed: this was a dry run. Add --yes to do it." : tokensNote,
  ].join("\n");
}

function countLines({ dryRun, counts }: BulkSummary): string[] {
  const { via, reasons } = counts;
  const count = (outcome: Outcome) => counts.outcomes[outcome] ?? 0;
  const groups = [
    `${grouped(count(dryRun ? "would-change" : "changed"))} ${dryRun ? "would change" : "changed"}`,
    counted(count("unchanged"), "is already as requested", "are already as requested"),
    counted(count("gone"), "does not exist", "do not exist"),
    `${grouped(count("failed"))} failed`,
  ];
  return [
    `  ${groups.join(", ")}.`,
    `  ${grouped(via.import ?? 0)} by import, ${grouped(via.patch ?? 0)} one by one.`,
    "  Next logins show:",
    ...Object.entries(reasons).map(
      ([reason, number]) =>
        `    ${grouped(number)}  ${reason}: ${reasonWords[reason as keyof typeof reasonWords]}`,
    ),
  ];
}

function troubleLines({ counts, troubles }: BulkSummary): string[] {
  const { gone = 0, failed = 0 } = counts.outcomes;
  const more = gone + failed - troubles.length;
  return [...troubles.map(troubleLine), ...(more > 0 ? [`  and ${more} more`] : [])];
}

function namedCounts(counts: Readonly<Record<string, number>>): string {
  const named = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return named.length === 0 ? "nothing to do" : named.join(", ");
}

function exampleLine({ line, user, before, after }: BulkOutcome): string {
  const from = before === undefined ? "" : `${before.reason} → `;
  return `  line ${line}, ${visible(user)}: ${from}${after === undefined ? "" : shown(after)}`;
}

function troubleLine({ line, user, outcome, message }: BulkOutcome): string {
  return `  line ${line}, ${visible(user)}: ${outcome === "gone" ? "no such user, and no linked identity with this id" : visible(message ?? outcome)}`;
}

/** The report about a file with wrong lines. */
export function describeProblems(
  stack: string,
  problems: readonly LineProblem[],
  total: number,
): CommandReport {
  const more = total - problems.length;
  const wrong = `${counted(total, "error")} in the file`;
  return {
    exitCode: exitCode.failed,
    text: [
      `${wrong}, so nothing was done:`,
      ...problemLines(problems),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ].join("\n"),
    json: { stack, error: { code: "lines-wrong", message: `${wrong}.` }, problems, total },
  };
}

/** Each line of the file once, with all that is wrong with it. */
function problemLines(problems: readonly LineProblem[]): string[] {
  const byLine = new Map<number, readonly string[]>();
  for (const { line, message, code } of problems) {
    byLine.set(line, [...(byLine.get(line) ?? []), `${visible(message)} [${code}]`]);
  }
  return [...byLine].map(([line, words]) => `  line ${line}: ${words.join(" ")}`);
}
