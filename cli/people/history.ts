import { findUser } from "../../auth0/tenant-users.ts";
import { isWholeUserId, linkedNote, wholeUserId, type User } from "../../auth0/user.ts";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { terminalLines } from "../../lib/terminal-text.ts";
import { visible } from "../../lib/terminal.ts";
import { readStackNamed } from "../../stack/stack-file.ts";
import type { CommandReport } from "../command.ts";
import { selectedStack } from "../pulumi/run-pulumi.ts";
import { openJournal, type Journal, type JournalEntry } from "./journal.ts";
import { openPeople } from "./people.ts";

/**
 * The history of a user. The tenant is asked only where no id is given, or where nothing is written of that id, which may
 * be that of a linked identity: a history may be of a user who is gone, and of a tenant that this machine may not ask now.
 */
export async function personHistory(
  wanted: string,
  named: string | undefined,
  env: Environment,
): Promise<CommandReport> {
  const stack = await selectedStack(named, env);
  const id = wholeUserId(wanted);
  if (!isWholeUserId(id)) {
    const people = await openPeople(stack, env);
    return showHistory(stack, people.journal, await findUser(people.users, wanted));
  }
  const { config } = await readStackNamed(stack, env);
  const journal = openJournal(config.auth0Domain, env);
  const user = { user_id: id };
  if (journal.entries(id).length > 0) return showHistory(stack, journal, user);
  const found = await linkedUser(stack, env, id);
  return showHistory(stack, journal, found ?? user, found === undefined ? undefined : linkedNote(id, found));
}

/** Undefined where no user has the id, and where the tenant cannot be asked. */
async function linkedUser(stack: string, env: Environment, id: string): Promise<User | undefined> {
  try {
    return await findUser((await openPeople(stack, env)).users, id);
  } catch (error) {
    if (error instanceof ExpectedError) return undefined;
    throw error;
  }
}

/** A line of the journal without the values before. */
export interface NotedWrite extends Omit<JournalEntry, "before"> {
  readonly undoable: boolean;
  readonly undone: boolean;
}

/** What this machine's journal has of a user, the oldest first. The values themselves are left out. */
export function historyOf(journal: Pick<Journal, "entries">, userId: string): readonly NotedWrite[] {
  const all = journal.entries(userId);
  const undone = new Set(all.map(({ undoes }) => undoes));
  return all.map(({ before, ...entry }) => ({
    ...entry,
    undoable: before !== undefined,
    undone: undone.has(entry.id),
  }));
}

function showHistory(
  stack: string,
  journal: Journal,
  { user_id: userId }: User,
  whose?: string,
): CommandReport {
  const writes = historyOf(journal, userId);
  return {
    text: terminalLines([
      visible(userId),
      ...(whose === undefined ? [] : [`  ${whose}`]),
      ...(writes.length === 0 ? ["  nothing was written from this machine"] : writes.map(line)),
    ]),
    json: { stack, userId, writes },
  };
}

function line(entry: NotedWrite): string {
  const { at, command, client, keys, hashBefore, hashAfter, undone } = entry;
  const hashes = `${hashBefore.slice(0, 12)} → ${hashAfter.slice(0, 12)}`;
  return `  ${at}  ${command}${undone ? " (undone)" : ""}  by client ${client}  ${keys.join(", ")}  ${hashes}`;
}
