/** Where progress is shown. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

export interface ProgressLine {
  /** @param doing Completes the line: "sending an import". */
  readonly show: (done: number, doing: string) => void;
  readonly end: () => void;
}

/** Milliseconds between two lines: on a terminal one line is written over and over. */
const every = { terminal: 200, file: 10_000 };

const barLength = 24;

/**
 * How far a command is, its rate and the time that is left at that rate.
 *
 * @param total Of what `done` counts.
 */
export function progressLine(
  stream: ProgressStream,
  total: number,
  now: () => number = Date.now,
): ProgressLine {
  const isTerminal = stream.isTTY === true;
  const start = now();
  let first: number | undefined;
  let shownAt = -Infinity;
  return {
    show: (done, doing) => {
      // What an earlier process did says nothing about this one's rate.
      first ??= done;
      if (now() - shownAt < (isTerminal ? every.terminal : every.file)) return;
      shownAt = now();
      const line = lineOf({ done, total, made: done - first, seconds: (now() - start) / 1000, doing });
      stream.write(isTerminal ? `\r${line}\u001B[K` : `${line}\n`);
    },
    end: () => {
      if (isTerminal) stream.write("\r\u001B[K");
    },
  };
}

interface Progress {
  readonly done: number;
  readonly total: number;
  readonly made: number;
  readonly seconds: number;
  readonly doing: string;
}

function lineOf({ done, total, made, seconds, doing }: Progress): string {
  const part = total === 0 ? 1 : done / total;
  const bar = "#".repeat(Math.floor(part * barLength)).padEnd(barLength, ".");
  const rate = seconds > 0 ? made / seconds : 0;
  const left = rate > 0 ? `, ${rate.toFixed(0)} users/s, ${clock((total - done) / rate)} left` : "";
  return `[${bar}] ${done} of ${total} (${Math.floor(part * 100)} %)${left}: ${doing}`;
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60) % 60;
  const parts = [
    Math.floor(whole / 3600),
    String(minutes).padStart(2, "0"),
    String(whole % 60).padStart(2, "0"),
  ];
  return parts.join(":");
}
