import { join } from "node:path";
import { sha256 } from "../../lib/hash.ts";
import { lineReader, lineWriter, readLines, type LineReader } from "../../lib/lines.ts";
import { parseJournalLine, type Journal, type JournalEntry, type PlacedLine } from "../people/journal.ts";
import type { BulkChange } from "./bulk-change.ts";
import { indexPlan, planFile, type MadePlan } from "./make-plan.ts";
import { createUserIndex } from "./user-index.ts";

/** A line of the plan: where the journal has what is to be restored. The values themselves are never copied. */
interface PlannedUndo extends BulkChange {
  readonly place: Pick<PlacedLine, "file" | "offset">;
}

/**
 * The plan that takes a run back: for each user the last write of the run that Auth0 did not refuse. What it restores is
 * read from the journal when it is used, so what `forget` took out of it meanwhile is not restored.
 */
export function makeUndoPlan(folder: string, journal: Pick<Journal, "lines">, run: string): MadePlan {
  const count = writeLastEntries(folder, journal, run);
  // Of the run alone: the same after a `forget`, so that an interrupted undo continues.
  const hash = sha256(`undo ${run}`);
  const plan = indexPlan(folder, { count, byAction: { undo: count }, hash, notes: [] }, () => undefined);
  const readers = new Map<string, LineReader>();
  const resolved = (change: BulkChange): BulkChange => {
    const { place, ...rest } = change as PlannedUndo;
    const reader = readers.get(place.file) ?? lineReader(place.file);
    readers.set(place.file, reader);
    const entry = entryAt(reader, place.offset, run, rest.user);
    return entry === undefined ? rest : { ...rest, restores: entry };
  };
  return {
    ...plan,
    changeAt: (slot) => resolved(plan.changeAt(slot)),
    changes: function* () {
      for (const change of plan.changes()) yield resolved(change);
    },
    close: () => {
      plan.close();
      for (const reader of readers.values()) reader.close();
    },
  };
}

/** Undefined where the journal's file was changed by hand. */
function entryAt(reader: LineReader, offset: number, run: string, user: string): JournalEntry | undefined {
  const line = parseJournalLine(reader.at(offset));
  return line !== undefined && "id" in line && line.run === run && line.user === user ? line : undefined;
}

/** An entry of the run, without its values. */
interface Noted extends Pick<JournalEntry, "id" | "user"> {
  readonly place: PlannedUndo["place"];
}

/** Writes the plan's lines. Returns how many there are. */
function writeLastEntries(folder: string, journal: Pick<Journal, "lines">, run: string): number {
  const file = join(folder, "entries.ndjson");
  const entries = writeEntries(file, journal, run);
  // Both on the disk: a run may have a million of entries.
  const ids = createUserIndex(join(folder, "ids"), entries);
  const last = createUserIndex(join(folder, "last"), entries);
  const lines = lineWriter(planFile(folder), "w");
  let count = 0;
  try {
    for (const { noted } of notedIn(file)) ids.add(noted.id, 0);
    for (const { line } of journal.lines('"failed":')) {
      const slot = "failed" in line ? ids.find(line.failed) : undefined;
      if (slot !== undefined) ids.setState(slot, "settled");
    }
    const isMade = ({ id }: Noted) => ids.find(id)?.state === "open";
    for (const { noted, offset } of notedIn(file)) {
      const slot = isMade(noted) ? last.add(noted.user, offset) : undefined;
      if (slot !== undefined) last.move(slot, offset);
    }
    for (const { noted, offset } of notedIn(file)) {
      const { user, place } = noted;
      if (!isMade(noted) || last.find(user)?.offset !== offset) continue;
      count += 1;
      const planned: PlannedUndo = { line: count, user, action: "undo", place };
      lines.write(JSON.stringify(planned));
    }
  } finally {
    lines.close();
    ids.close();
    last.close();
  }
  return count;
}

function writeEntries(file: string, journal: Pick<Journal, "lines">, run: string): number {
  const lines = lineWriter(file, "w");
  let count = 0;
  try {
    for (const { line, file: from, offset } of journal.lines(JSON.stringify(run))) {
      if (!("id" in line) || line.run !== run) continue;
      const noted: Noted = { id: line.id, user: line.user, place: { file: from, offset } };
      lines.write(JSON.stringify(noted));
      count += 1;
    }
  } finally {
    lines.close();
  }
  return count;
}

function* notedIn(file: string): Generator<{ readonly noted: Noted; readonly offset: number }> {
  for (const { text, offset } of readLines(file)) yield { noted: JSON.parse(text) as Noted, offset };
}
