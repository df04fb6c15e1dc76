import { terminalLines, type TerminalText } from "../../lib/terminal-text.ts";
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
import type { JournalRun } from "./journal-runs.ts";

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
  /** The run that this one takes back. */
  readonly undoes?: JournalRun | undefined;
  /** The id of a run that is not a dry one. */
  readonly run?: string;
}

/** How many lines of a kind are printed. */
export const printedLines = 20;

export function describeBulk(found: BulkSummary): CommandReport {
  const summary = { ...found, notes: [...found.notes, ...windowNotes(found)] };
  const { stack, dryRun, lines, byAction, counts, report, troubles, notes, undoes, run } = summary;
  const isComplete = counts.troubles + notInJournal(summary) === 0;
  return {
    ...(isComplete ? {} : { exitCode: exitCode.found }),
    text: textOf(summary),
    json: {
      stack,
      dryRun,
      run: run ?? null,
      ...(undoes === undefined ? {} : { undoes: undoes.run, notInJournal: notInJournal(summary) }),
      lines,
      actions: byAction,
      ...withZeros(
        counts,
        undoes === undefined ? outcomes.filter((outcome) => outcome !== "left") : outcomes,
      ),
      blockedMeanwhile: counts.blocks["blocked-meanwhile"] ?? 0,
      blocksRestored: counts.blocks["block-restored"] ?? 0,
      troubles,
      notes,
      report: report ?? null,
    },
  };
}

/** What no read can show: an import has no condition. */
function windowNotes({ dryRun, counts }: BulkSummary): string[] {
  if (dryRun || (counts.via.import ?? 0) === 0) return [];
  return [
    "Not known: whether others changed user_metadata of an imported user between the export and the import. Such a change is " +
      "lost; with --no-import none is.",
  ];
}

/** Programs find every count there. */
function withZeros({ outcomes: counted, via, reasons }: BulkCounts, named: readonly Outcome[]) {
  const zeros = Object.fromEntries(named.map((outcome) => [outcome, 0]));
  return { outcomes: { ...zeros, ...counted }, via: { import: 0, patch: 0, ...via }, reasons };
}

/** How many users the run changed of whom the journal has lost the line, as far as it can be told. */
function notInJournal({ undoes, lines }: BulkSummary): number {
  return Math.max((undoes?.changed ?? 0) - lines, 0);
}

function textOf(summary: BulkSummary): TerminalText {
  const { dryRun, examples, report, notes, counts } = summary;
  return terminalLines([
    ...headLines(summary),
    ...countLines(summary),
    ...blockLines(counts),
    ...examples.map((outcome) => exampleLine(summary, outcome)),
    ...troubleLines(summary),
    ...notes.map(visible),
    ...(report === undefined ? [] : [`The outcome of each line is in ${report}.`]),
    ...unfinishedLines(summary),
    dryRun ? "Nothing was changed: this was a dry run. Add --yes to do it." : tokensNote,
    ...undoLines(summary),
  ]);
}

function headLines(summary: BulkSummary): string[] {
  const { lines, byAction, undoes } = summary;
  if (undoes === undefined) return [`${counted(lines, "line")}: ${namedCounts(byAction)}.`];
  const lost = notInJournal(summary);
  return [
    `Run ${undoes.run} of ${undoes.at} wrote to ${counted(lines, "user")}.`,
    ...(undoes.changed === undefined
      ? ["The journal does not say that it came to its end: it was given up, or an earlier version made it."]
      : []),
    ...(lost > 0
      ? [
          `It changed ${lost} more, who are missing in the journal on this machine, so they cannot be restored.`,
        ]
      : []),
  ];
}

function countLines({ dryRun, counts, undoes }: BulkSummary): string[] {
  const { via, reasons } = counts;
  const count = (outcome: Outcome) => counts.outcomes[outcome] ?? 0;
  const changes = dryRun ? count("would-change") : count("changed");
  const gone = counted(count("gone"), "does not exist", "do not exist");
  const groups =
    undoes === undefined
      ? [
          `${grouped(changes)} ${dryRun ? "would change" : "changed"}`,
          counted(count("unchanged"), "is already as requested", "are already as requested"),
        ]
      : [
          `${grouped(changes)} ${dryRun ? "would be restored" : "restored"}`,
          counted(count("unchanged"), "is already as before the run", "are already as before the run"),
          counted(count("left"), "is left as it is", "are left as they are"),
        ];
  return [
    `  ${[...groups, gone].join(", ")}, ${grouped(count("failed"))} failed.`,
    `  ${grouped(via.import ?? 0)} by import, ${grouped(via.patch ?? 0)} one by one.`,
    "  Next logins show:",
    ...Object.entries(reasons).map(
      ([reason, number]) =>
        `    ${grouped(number)}  ${reason}: ${reasonWords[reason as keyof typeof reasonWords]}`,
    ),
  ];
}

function blockLines({ blocks }: BulkCounts): string[] {
  const { "blocked-meanwhile": blocked = 0, "block-restored": restored = 0 } = blocks;
  return [
    ...(blocked > 0
      ? [`  ${counted(blocked, "user was", "users were")} blocked while this ran; the block stands.`]
      : []),
    ...(restored > 0
      ? [`  ${counted(restored, "block was", "blocks were")} gone afterwards and set again.`]
      : []),
  ];
}

function troubleLines(summary: BulkSummary): string[] {
  const { troubles, report, counts } = summary;
  const more = counts.troubles - troubles.length;
  const where = report === undefined ? "; --report FILE lists them" : "";
  return [
    ...troubles.map((outcome) => troubleLine(summary, outcome)),
    ...(more > 0 ? [`  and ${more} more${where}`] : []),
  ];
}

function unfinishedLines({ unfinished, undoes }: BulkSummary): string[] {
  if (unfinished === undefined) return [];
  const what = undoes === undefined ? "A run over this file" : "An undo of this run";
  return [`${what} was interrupted after ${unfinished} lines: with --yes it continues.`];
}

function undoLines({ undoes, run, stack, counts }: BulkSummary): string[] {
  if (undoes !== undefined || run === undefined || (counts.outcomes.changed ?? 0) === 0) return [];
  return [`To take all of it back: pictures undo --run ${run} --stack ${visible(stack)}`];
}

function namedCounts(counts: Readonly<Record<string, number>>): string {
  const named = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return named.length === 0 ? "nothing to do" : named.join(", ");
}

function exampleLine(summary: BulkSummary, outcome: BulkOutcome): string {
  const { before, after } = outcome;
  const from = before === undefined ? "" : `${before.reason} → `;
  return `  ${placeOf(summary, outcome)}: ${from}${after === undefined ? "" : shown(after)}`;
}

function troubleLine(summary: BulkSummary, found: BulkOutcome): string {
  const { outcome, message } = found;
  const why =
    outcome === "gone" ? "no such user, and no linked identity with this id" : visible(message ?? outcome);
  return `  ${placeOf(summary, found)}: ${why}`;
}

/** Only the lines of a file tell people anything. */
function placeOf({ undoes }: BulkSummary, { line, user }: BulkOutcome): string {
  return undoes === undefined ? `line ${line}, ${visible(user)}` : visible(user);
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
    text: terminalLines([
      `${wrong}, so nothing was done:`,
      ...problemLines(problems),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ]),
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
