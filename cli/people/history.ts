import { findUser } from "../../auth0/tenant-users.ts";
import type { Environment } from "../../lib/environment.ts";
import { visible } from "../../lib/terminal.ts";
import { readStackNamed } from "../../stack/stack-file.ts";
import type { CommandReport } from "../command.ts";
import { selectedStack } from "../pulumi/run-pulumi.ts";
import { openJournal, type Journal, type JournalEntry } from "./journal.ts";
import { openPeople } from "./people.ts";

/** The history of a user, for whom the tenant is asked only where no id is given: it may be of one who is gone. */
export async function personHistory(
  wanted: string,
  named: string | undefined,
  env: Environment,
): Promise<CommandReport> {
  const stack = await selectedStack(named, env);
  if (!wanted.includes("|")) {
    const people = await openPeople(stack, env);
    const { user_id: id } = await findUser(people.users, wanted);
    return showHistory(stack, people.journal, id);
  }
  const { config } = await readStackNamed(stack, env);
  return showHistory(stack, openJournal(config.auth0Domain, env), wanted.trim());
}

/** What this machine's journal has of a user, the oldest first. The values themselves are not shown. */
function showHistory(stack: string, journal: Journal, userId: string): CommandReport {
  const all = journal.entries(userId);
  const undone = new Set(all.map(({ undoes }) => undoes));
  const writes = all.map(({ before, ...entry }) => ({
    ...entry,
    undoable: before !== undefined,
    undone: undone.has(entry.id),
  }));
  return {
    text: [
      visible(userId),
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
