import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { standardError, standardOutput } from "../lib/terminal-output.ts";
import { term, terminalJson } from "../lib/terminal-text.ts";
import type { Comparison, ComparisonPlan } from "./comparison.ts";
import { describeMachine, figuresReport, rounded } from "./figures.ts";
import { changePart } from "./parts/change.ts";
import { impactPart } from "./parts/impact.ts";
import { noChangePart } from "./parts/no-change.ts";
import { startPart } from "./parts/start.ts";
import { figuresTable } from "./table.ts";
import { startBenchWorld, type Part } from "./world/bench-world.ts";

export interface BenchOptions {
  readonly json: boolean;
  readonly quick: boolean;
  /** The figures to measure; all by default. */
  readonly only?: readonly string[];
  readonly runs?: number;
}

/** What a run found, as bench/results/ keeps it. */
export interface BenchResults {
  readonly machine: ReturnType<typeof describeMachine>;
  readonly comparisons: readonly Comparison[];
}

const parts: readonly Part[] = [noChangePart, changePart, startPart, impactPart];

/** Every figure there is, in the order of the table. */
export const figureNames: readonly string[] = parts.flatMap(({ plans }) => plans.map(({ name }) => name));

const slowFigures = parts.flatMap(({ plans }) =>
  plans.filter(({ slow = false }) => slow).map(({ name }) => name),
);

/** The exit code of a run that was told to end, as a shell gives it for Ctrl-C. */
const interrupted = 130;

const usualRuns = 7;
const quickRuns = 2;

/** `npm run bench`: measures in a local world of its own, prints the figures and keeps them in bench/results/. */
export async function benchFigures(options: BenchOptions): Promise<void> {
  const { json, quick, only, runs = quick ? quickRuns : usualRuns } = options;
  const machine = describeMachine();
  const progress = (line: string) => standardError.print(term`${line}`);
  const comparisons: Comparison[] = [];
  const isWanted = ({ name, slow = false }: ComparisonPlan) => only?.includes(name) ?? !(quick && slow);
  if (quick) progress(`Quick: ${runs} runs instead of ${usualRuns}; without ${slowFigures.join(", ")}.`);
  const bench = await startBenchWorld(progress);
  // Otherwise the folder of an interrupted run would stay, with a million users in it.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void bench.stop().finally(() => process.exit(interrupted)));
  }
  try {
    for (const { plans, measure } of parts) {
      const wanted = plans.filter(isWanted).map((plan) => (quick ? { ...plan, ...plan.quick } : plan));
      if (wanted.length > 0) comparisons.push(...(await measure(bench, { plans: wanted, runs, progress })));
    }
  } finally {
    await bench.stop();
  }
  if (only === undefined) keep({ machine, comparisons }, quick);
  standardOutput.print(
    json ? terminalJson(figuresReport(machine, comparisons)) : figuresTable(machine, comparisons),
  );
}

/** The latest run of its kind: git has the earlier ones. */
function keep(results: BenchResults, quick: boolean): void {
  const folder = join(__dirname, "results");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, quick ? "figures-quick.json" : "figures.json");
  const short = (_key: string, value: unknown) => (typeof value === "number" ? rounded(value) : value);
  writeFileSync(file, `${JSON.stringify(results, short, 2)}\n`);
}
