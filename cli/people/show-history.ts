import type { CommandReport } from "../command-report.ts";
import type { Journal } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";

/** What this machine's journal has of a user, the oldest first. The values themselves are not shown. */
export function showHistory(stack: string, journal: Journal, userId: string): CommandReport {
  const all = journal.entries(userId);
  const undone = new Set(all.map(({ undoes }) => undoes));
  const writes = all.map(({ before, ...entry }) => ({
    ...entry,
    undoable: before !== undefined,
    undone: undone.has(entry.id),
  }));
  return {
    text: [
      userId,
      ...(writes.length === 0 ? ["  nothing was written from this machine"] : writes.map(line)),
    ].join("\n"),
    json: { stack, userId, writes },
  };
}

function line(entry: Omit<JournalEntry, "before"> & { readonly undone: boolean }): string {
  const { at, command, client, keys, hashBefore, hashAfter, undone } = entry;
  const hashes = `${hashBefore.slice(0, 12)} → ${hashAfter.slice(0, 12)}`;
  return `  ${at}  ${command}${undone ? " (undone)" : ""}  by client ${client}  ${keys.join(", ")}  ${hashes}`;
}
