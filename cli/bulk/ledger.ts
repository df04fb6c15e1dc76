import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { lineWriter } from "../line-writer.ts";
import { readLines } from "../read-lines.ts";
import { countOutcome, noCounts, type BulkCounts, type BulkOutcome } from "./bulk-outcome.ts";
import type { UserIndex } from "./user-index.ts";

/** What became of each line so far. It outlives the process. */
export interface Ledger {
  /** Notes what became of a line, once. */
  readonly settle: (outcome: BulkOutcome) => void;
  /** Notes that from now on nobody knows whether the user's change was made. */
  readonly doubt: (user: string) => void;
  readonly counts: BulkCounts;
  readonly settled: () => number;
  /** Survives the process when it returns; with `durably`, a power cut too. */
  readonly flush: (how?: "durably") => void;
  readonly close: () => void;
}

/**
 * @param file With what an earlier process noted, or none: the index is brought to that state.
 * @param onSettled Told of each line that gets its outcome now.
 */
export function openLedger(file: string, index: UserIndex, onSettled: () => void = () => undefined): Ledger {
  dropTornLine(file);
  const counts = noCounts();
  let settled = 0;
  const count = (outcome: BulkOutcome): boolean => {
    const slot = index.find(outcome.user);
    if (slot === undefined || slot.state === "settled") return false;
    index.setState(slot, "settled");
    countOutcome(counts, outcome);
    settled += 1;
    return true;
  };
  const suspect = (user: string) => {
    const slot = index.find(user);
    if (slot !== undefined && slot.state !== "settled") index.setState(slot, "sent");
  };
  if (existsSync(file)) {
    for (const { text } of readLines(file)) {
      const noted = JSON.parse(text) as BulkOutcome | { readonly sent: string };
      if ("sent" in noted) suspect(noted.sent);
      else count(noted);
    }
  }
  const lines = lineWriter(file, "a");
  return {
    settle: (outcome) => {
      if (!count(outcome)) return;
      lines.write(JSON.stringify(outcome));
      onSettled();
    },
    doubt: (user) => {
      suspect(user);
      lines.write(JSON.stringify({ sent: user }));
      lines.flush();
    },
    counts,
    settled: () => settled,
    flush: lines.flush,
    close: () => {
      lines.close();
    },
  };
}

/** Longer than any line of ours. */
const tailBytes = 1 << 20;

/** What a process was writing when it was killed. */
function dropTornLine(file: string): void {
  if (!existsSync(file)) return;
  const descriptor = openSync(file, "r+");
  try {
    const { size } = fstatSync(descriptor);
    const start = Math.max(size - tailBytes, 0);
    const tail = Buffer.alloc(size - start);
    readSync(descriptor, tail, 0, tail.length, start);
    ftruncateSync(descriptor, start + tail.lastIndexOf("\n") + 1);
  } finally {
    closeSync(descriptor);
  }
}
