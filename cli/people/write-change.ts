import { randomUUID } from "node:crypto";
import type { User } from "../../auth0/user.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { without } from "../../lib/json.ts";
import { readPath } from "../../policy/login.ts";
import { readBack, sendChange } from "./checked-change.ts";
import type { JournalEntry } from "./journal.ts";
import type { People } from "./people.ts";
import {
  hashOf,
  keysOf,
  pictureValues,
  withChange,
  type PictureChange,
  type PictureKey,
} from "./picture-change.ts";

export interface Write {
  /** Of the command line, for the journal. */
  readonly command: string;
  readonly change: PictureChange;
  /** True where the state before must not come back, or its files are gone. */
  readonly final?: boolean;
  /** The id of the journal's entry whose state before is restored. */
  readonly undoes?: string;
  /** See `JournalEntry`. */
  readonly run?: string;
  /** The entry's own, where it is not a new one. */
  readonly id?: string;
  /** Whether Auth0's answer is enough, without another read: for what only one command writes, and logins can do without. */
  readonly trustsAnswer?: boolean;
}

export interface Written {
  /** As read after the write. */
  readonly user: User;
  readonly entry: JournalEntry;
}

/**
 * Notes the change in the journal, sends it, and reads whether it is there.
 *
 * @param user As it was read right before: what is noted as the state before.
 * @throws ExpectedError as `sendChange`, `readBack` and `Journal.append` do.
 */
export async function writeChange(people: People, user: User, write: Write): Promise<Written> {
  const entry = journalEntry(people, user, write);
  people.journal.append(entry);
  let answered: User;
  try {
    answered = await sendChange(people.users, user, write.change);
  } catch (error) {
    // After any other failure it is unknown whether Auth0 made the change.
    if (error instanceof ExpectedError && isRefusal(error)) {
      people.journal.append({ at: people.now().toISOString(), failed: entry.id, code: error.code });
    }
    throw error;
  }
  if (write.trustsAnswer === true) return { user: answered, entry };
  return { user: await readBack(people.users, user, write.change), entry };
}

/**
 * {@link writeChange}, and once more without `refusable` where Auth0 answers 400 to a change that has them.
 *
 * @returns Undefined where nothing else was to be changed.
 */
export async function writeTaken(
  people: People,
  user: User,
  write: Write,
  refusable: readonly PictureKey[] = [],
): Promise<Written | undefined> {
  try {
    return await writeChange(people, user, write);
  } catch (error) {
    const isBad = error instanceof ExpectedError && statusOf(error) === 400;
    if (!isBad || !refusable.some((key) => key in write.change)) throw error;
    const change = without(write.change, ...refusable);
    return keysOf(change).length > 0 ? writeChange(people, user, { ...write, change }) : undefined;
  }
}

/** What is noted of a write before it is sent. */
export function journalEntry(
  people: Pick<People, "now" | "stack" | "clientId">,
  user: User,
  { command, change, final, undoes, run, id = randomUUID() }: Write,
): JournalEntry {
  const keys = keysOf(change);
  const before = pictureValues(user, keys);
  return {
    id,
    at: people.now().toISOString(),
    stack: people.stack,
    command,
    client: people.clientId,
    user: user.user_id,
    keys,
    hashBefore: hashOf(before),
    hashAfter: hashOf(pictureValues(withChange(user, change), keys)),
    ...(final === true ? {} : { before }),
    ...(undoes === undefined ? {} : { undoes }),
    ...(run === undefined ? {} : { run }),
  };
}

function isRefusal(error: ExpectedError): boolean {
  if (error.code === "blocked-meanwhile") return true;
  const status = statusOf(error);
  return status >= 400 && status < 500;
}

/** NaN where no answer came. */
function statusOf({ cause }: ExpectedError): number {
  return Number(readPath(cause, "statusCode"));
}
