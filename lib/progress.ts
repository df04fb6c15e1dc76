import type { Environment } from "./environment.ts";
import { redrawnLine, type TerminalText } from "./terminal-text.ts";
import { grouped } from "./terminal.ts";

/** One line on a terminal that tells how far a long command is. Elsewhere nothing is written. */
export interface Progress {
  /**
   * A new part of the work begins.
   *
   * @param what Such as "Checking users".
   * @param total How many there will be, where it is known.
   */
  readonly phase: (what: string, total?: number) => void;
  /** A better guess of the phase's total; undefined where there is none any more. */
  readonly expect: (total: number | undefined) => void;
  /** So many more are done: of the phase, not of all. */
  readonly advance: (count?: number) => void;
  /** Takes the line away, for other text to be printed or at the end; the next step draws it again. */
  readonly clear: () => void;
}

/** Where a line is drawn: standard error, which leaves standard output to the report. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  readonly write: (text: TerminalText) => unknown;
}

interface Phase {
  readonly what: string;
  total: number | undefined;
  done: number;
  /** How many were done when; the first one is what the rate is measured from. */
  samples: { readonly at: number; readonly done: number }[];
}

/** Milliseconds between two drawings. */
const drawEveryMs = 200;

/** The rate is that of the last so many samples, a drawing each: some ten seconds. */
const keptSamples = 50;

/** @param now Milliseconds that never go back. */
export function createProgress(
  env: Environment,
  output: ProgressOutput,
  now: () => number = () => performance.now(),
): Progress {
  if (output.isTTY !== true || env["TERM"] === "dumb") {
    return {
      phase: () => undefined,
      expect: () => undefined,
      advance: () => undefined,
      clear: () => undefined,
    };
  }
  let phase: Phase | undefined;
  let drawnAt = -Infinity;
  const draw = (isDue: boolean) => {
    if (phase === undefined || (!isDue && now() - drawnAt < drawEveryMs)) return;
    drawnAt = now();
    phase.samples = [...phase.samples.slice(1 - keptSamples), { at: drawnAt, done: phase.done }];
    // A line that is too long would wrap, and could not be taken away.
    const line = progressLine(phase).slice(0, Math.max((output.columns ?? 80) - 1, 0));
    output.write(redrawnLine(line));
  };
  return {
    phase: (what, total) => {
      phase = { what, total, done: 0, samples: [] };
      draw(true);
    },
    expect: (total) => {
      if (phase !== undefined) phase.total = total;
    },
    advance: (count = 1) => {
      if (phase !== undefined) phase.done += count;
      draw(false);
    },
    clear: () => {
      if (drawnAt !== -Infinity) output.write(redrawnLine(""));
      drawnAt = -Infinity;
    },
  };
}

const barWidth = 20;

function progressLine({ what, total, done, samples }: Phase): string {
  const perSecond = rate(samples);
  const speed = perSecond === undefined ? "" : `, ${grouped(Math.round(perSecond))} a second`;
  if (total === undefined) return done === 0 ? `${what} …` : `${what}: ${grouped(done)}${speed}`;
  const share = total === 0 ? 1 : Math.min(done / total, 1);
  const full = Math.floor(share * barWidth);
  const bar = "#".repeat(full) + "-".repeat(barWidth - full);
  const left =
    perSecond === undefined || perSecond === 0
      ? ""
      : `, ${duration(Math.max(total - done, 0) / perSecond)} left`;
  return `${what} [${bar}] ${Math.floor(share * 100)} %, ${grouped(done)} of ${grouped(total)}${speed}${left}`;
}

function rate(samples: Phase["samples"]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at === first.at) return undefined;
  return ((last.done - first.done) / (last.at - first.at)) * 1000;
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
