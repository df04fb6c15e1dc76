import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { replaceFileSync } from "../../lib/durable-file.ts";
import type { Pack, PackedUser } from "./import-pack.ts";

/** An import that was, or was about to be, sent. It holds no profile. */
export interface FileInFlight {
  readonly number: number;
  /** What the job is called at Auth0: another one for each file, also of the same number. */
  readonly externalId: string;
  readonly users: readonly PackedUser[];
  /** Undefined where the process ended before Auth0's answer was there. */
  readonly jobId?: string;
}

/** Notes of the imports under way, which a later process goes on with. */
export interface FilesInFlight {
  /** Those that an earlier process left. */
  readonly left: () => FileInFlight[];
  readonly begin: (pack: Pack) => FileInFlight;
  readonly started: (file: FileInFlight, jobId: string) => FileInFlight;
  readonly done: (file: FileInFlight) => void;
}

interface JobNote {
  readonly externalId: string;
  readonly jobId: string;
}

export function filesInFlight(folder: string, run: string): FilesInFlight {
  const pathOf = (number: number, kind: "file" | "job") => join(folder, `${kind}-${number}.json`);
  const numbers = () =>
    readdirSync(folder)
      .map((name) => Number(/^(?:file|job)-(\d+)\.json$/.exec(name)?.[1] ?? "0"))
      .filter((number, index, all) => number > 0 && all.indexOf(number) === index)
      .sort((a, b) => a - b);
  let last = numbers().at(-1) ?? 0;
  return {
    left: () =>
      numbers().flatMap((number) => {
        const file = parsed(pathOf(number, "file")) as FileInFlight | undefined;
        const job = parsed(pathOf(number, "job")) as JobNote | undefined;
        if (file === undefined) return [];
        return [job?.externalId === file.externalId ? { ...file, jobId: job.jobId } : file];
      }),
    begin: ({ users }) => {
      last += 1;
      const file: FileInFlight = { number: last, externalId: `pictures-${run}-${randomUUID()}`, users };
      writeWhole(pathOf(last, "file"), file);
      return file;
    },
    started: (file, jobId) => {
      const note: JobNote = { externalId: file.externalId, jobId };
      writeWhole(pathOf(file.number, "job"), note);
      return { ...file, jobId };
    },
    done: ({ number }) => {
      // In this order: a job's note without its file would be taken for that of a later file.
      rmSync(pathOf(number, "job"), { force: true });
      rmSync(pathOf(number, "file"), { force: true });
    },
  };
}

function writeWhole(path: string, value: unknown): void {
  replaceFileSync(path, `${JSON.stringify(value)}\n`, { mode: 0o600 });
}

/** Undefined for one that is not there or was cut off: then nothing was sent after it. */
function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as unknown;
  } catch {
    return undefined;
  }
}
