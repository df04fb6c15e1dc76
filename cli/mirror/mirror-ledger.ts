import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createFingerprintTable } from "../../lib/fingerprint-table.ts";
import { lineWriter, readLines } from "../../lib/lines.ts";
import { readRunNote } from "../bulk/bulk-folder.ts";
import { countOutcome, type MirrorCounts, type MirrorOutcome } from "./mirror-counts.ts";

/** A line of the ledger's file. */
type Noted =
  ({ readonly user: string } & MirrorOutcome) | { readonly storing: string; readonly folder: string };

/** What became of each user so far who was asked for. It outlives the process. */
export interface MirrorLedger {
  /** Whether an earlier process of the same run is done with the user. */
  readonly isSettled: (user: string) => boolean;
  /** Counts what became of a user; what failed is tried again by the next process. */
  readonly settle: (user: string, outcome: MirrorOutcome) => void;
  /** Notes where a user's copy is about to be stored, who has no folder yet. */
  readonly noteFolder: (user: string, folder: string) => void;
  /** The folder that was noted for a user who was not settled then: an object may be there. */
  readonly folderOf: (user: string) => string | undefined;
  readonly close: () => void;
}

/** After this, hosts are asked anew: a run of the next week is not the rest of this one. */
const longestRunMs = 7 * 24 * 60 * 60_000;

/** Removes the note and the ledger of a run that is too old to be continued. */
export function dropOldRun(folder: string, now: Date): void {
  const startedAt = readRunNote(folder)?.startedAt.getTime();
  if (startedAt !== undefined && now.getTime() - startedAt > longestRunMs)
    rmSync(folder, { recursive: true });
}

/**
 * Ten bytes are kept for each settled user, and a line for each whose copy was being stored. Only one process at a time may have
 * it open.
 *
 * @param counts Brought to the state that the file tells.
 */
export function openMirrorLedger(folder: string, counts: MirrorCounts): MirrorLedger {
  const file = join(folder, "outcomes.ndjson");
  const settled = createFingerprintTable();
  const folders = new Map<string, string>();
  for (const noted of existsSync(file) ? notedIn(file) : []) {
    if ("storing" in noted) folders.set(noted.storing, noted.folder);
    else {
      const { user, ...outcome } = noted;
      settled.set(user, 1);
      folders.delete(user);
      countOutcome(counts, outcome);
    }
  }
  const lines = lineWriter(file, "a");
  const write = (noted: Noted) => {
    lines.write(JSON.stringify(noted));
    lines.flush();
  };
  return {
    isSettled: (user) => settled.get(user) !== undefined,
    settle: (user, outcome) => {
      countOutcome(counts, outcome);
      // One whom nobody was asked about is decided again as fast as it is read.
      if (outcome.host !== undefined && outcome.outcome !== "failed") write({ user, ...outcome });
      folders.delete(user);
    },
    noteFolder: (user, name) => {
      folders.set(user, name);
      write({ storing: user, folder: name });
    },
    folderOf: (user) => folders.get(user),
    close: lines.close,
  };
}

/** A line that a killed process left half written is none. */
function* notedIn(file: string): Generator<Noted, void, undefined> {
  for (const { text } of readLines(file)) {
    try {
      yield JSON.parse(text) as Noted;
    } catch {
      continue;
    }
  }
}
