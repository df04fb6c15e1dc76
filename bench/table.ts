import { below, term, type TerminalText } from "../lib/terminal-text.ts";
import { formatTable } from "../lib/terminal.ts";
import type { Comparison, Statistics } from "./comparison.ts";
import type { Machine } from "./figures.ts";

const headings = [
  "figure",
  "unit",
  "median",
  "min",
  "spread",
  "against: median",
  "min",
  "spread",
  "ratio",
  "runs",
];

/** The comparisons for a terminal. */
export function figuresTable(machine: Machine, comparisons: readonly Comparison[]): TerminalText {
  const rows = comparisons.map(({ name, unit, ours, against, ratio }) => [
    ...[name, unit, ...told(ours), ...told(against), shown(ratio)],
    String(Math.min(ours.runs, against.runs)),
  ]);
  return below(term`${describe(machine)}`, term``, formatTable(headings, rows));
}

/** The comparisons for docs/benchmarks.md. */
export function markdownTable(machine: Machine, comparisons: readonly Comparison[]): string {
  const lines = comparisons.map(({ name, unit, ours, against, ratio }) => {
    const cells = [
      `\`${name}\``,
      `${ours.what}: ${shown(ours.median)} ${unit} (${range(ours)})`,
      `${against.what}: ${shown(against.median)} ${unit} (${range(against)})`,
      `**${shown(ratio)}**`,
      String(Math.min(ours.runs, against.runs)),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    describe(machine),
    "",
    "| figure | ours: median (minimum, spread) | against: median (minimum, spread) | ratio | runs |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

function describe({ cpu, cores, memoryGB, system, node, pulumi, loadBefore }: Machine): string {
  const about = [cpu, `${cores} cores`, `${memoryGB} GB`, system, `Node ${node}`, `Pulumi ${pulumi}`];
  return `${about.join(", ")}; load before the start ${loadBefore}`;
}

function told({ median, minimum, spread }: Statistics): string[] {
  return [median, minimum, spread].map(shown);
}

function range({ minimum, spread }: Statistics): string {
  return `${shown(minimum)}, ${shown(spread)}`;
}

/** To three digits, without an exponent. */
function shown(value: number): string {
  return String(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));
}
