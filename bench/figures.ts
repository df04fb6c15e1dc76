import { cpus, loadavg, totalmem } from "node:os";
import { versions } from "../local/toolchain/pins.ts";
import type { Comparison, Unit } from "./comparison.ts";

/** What `--json` prints of a comparison. */
export interface Figure {
  readonly name: string;
  /** Our median. */
  readonly value: number;
  /** Of both values. */
  readonly unit: Unit;
  /** The alternative's median. */
  readonly against: number;
  /** `value` divided by `against`. */
  readonly ratio: number;
  /** Of each of the two, in turns. */
  readonly runs: number;
}

export interface FiguresReport {
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

/** The report of `npm run --silent bench -- --json`. */
export function figuresReport(machine: Machine, comparisons: readonly Comparison[]): FiguresReport {
  const figures = comparisons.map(({ name, unit, ours, against, ratio }) => ({
    name,
    value: rounded(ours.median),
    unit,
    against: rounded(against.median),
    ratio: rounded(ratio),
    runs: Math.min(ours.runs, against.runs),
  }));
  return { machine, figures };
}

/** To four digits: more would be noise. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** Where figures were taken: nothing that names the machine or its user. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  /** `linux x64` */
  readonly system: string;
  readonly node: string;
  readonly pulumi: string;
  /** The average of waiting and running processes over the minute before the start: above 0.5, others were at work. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGB: Math.round(totalmem() / 1e9),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    pulumi: versions.pulumi,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
