import { findUser, userNotFound } from "../../auth0/tenant-users.ts";
import { linkedNote } from "../../auth0/user.ts";
import { ExpectedError } from "../../lib/errors.ts";
import type { CommandReport } from "../command.ts";
import { blocking } from "./block-plans.ts";
import { changePicture, type PictureTask } from "./change-picture.ts";
import type { JournalEntry } from "./journal.ts";
import type { People } from "./people.ts";
import { hashOf, moderationKeys, pictureValues } from "./picture-change.ts";

/** A write whose state before is known. */
export type Undoable = JournalEntry & Required<Pick<JournalEntry, "before">>;

/**
 * Restores the state before the last write that this machine's journal has of the user, or of anybody.
 *
 * @throws ExpectedError `nothing-to-undo`, `undo-needs-user` where it was one of a run over a file, or `changed-since` where what was written is there no longer.
 */
export async function undoLast(
  people: People,
  wanted: string | undefined,
  yes: boolean | undefined,
  wait?: boolean,
): Promise<CommandReport> {
  return changePicture(people, { ...(await undoTask(people, wanted)), yes, wait });
}

/** {@link undoLast} as it is to be done. */
export async function undoTask(people: People, wanted: string | undefined): Promise<PictureTask> {
  const user = wanted === undefined ? undefined : await findUser(people.users, wanted);
  const entry = await lastInEffect(people, user?.user_id);
  const whose = wanted === undefined || user === undefined ? undefined : linkedNote(wanted, user);
  return undoEntry(entry, whose === undefined ? [] : [whose]);
}

/**
 * Restores the state before one write.
 *
 * @param said What people should know first.
 * @returns A task that is refused as `undoLast` is.
 */
export function undoEntry(entry: Undoable, said: readonly string[] = []): PictureTask {
  const isModeration = entry.keys.every((key) => moderationKeys.includes(key));
  return {
    command: "undo",
    wanted: entry.user,
    ...(isModeration ? { needs: blocking } : {}),
    plan: (_people, current) => {
      if (hashOf(pictureValues(current, entry.keys)) !== entry.hashAfter) throw changedSince(entry);
      const notes = [...said, `Undoes ${entry.command} of ${entry.at}.`];
      return { change: entry.before, undoes: entry.id, notes };
    },
  };
}

async function lastInEffect(people: People, user: string | undefined): Promise<Undoable> {
  const entries = people.journal.entries(user);
  const last = entries.at(-1);
  // Also where it was itself an undo: what is before a run is not gone back to without a word.
  if (user === undefined && last?.run !== undefined) throw ofManyUsers(last, last.run);
  for (const entry of notUndone(entries)) {
    if (user === undefined && entry.run !== undefined) throw ofManyUsers(entry, entry.run);
    if (!isUndoable(entry)) throw final(entry, user);
    const current = await people.users.get(entry.user);
    if (current === undefined) throw userNotFound(entry.user);
    // It is noted before it is sent: one that was cut off in between never happened.
    if (hashOf(pictureValues(current, entry.keys)) !== entry.hashBefore) return entry;
  }
  const whose = user === undefined ? "" : ` of ${user}`;
  throw new ExpectedError(
    "nothing-to-undo",
    `The journal on this machine has no write${whose} that can be undone. See pictures history.`,
  );
}

/** The latest first, without those that only noted a folder. */
function notUndone(entries: readonly JournalEntry[]): JournalEntry[] {
  const undone = new Set(entries.map(({ undoes }) => undoes));
  return entries
    .filter(({ id, undoes }) => undoes === undefined && !undone.has(id))
    .filter(({ keys }) => keys.some((key) => key !== "app_metadata.picture_folder"))
    .reverse();
}

export function isUndoable(entry: JournalEntry): entry is Undoable {
  return entry.before !== undefined;
}

/** @param named The user that was named, if one was. */
function final({ user, at, command }: JournalEntry, named: string | undefined): ExpectedError {
  const next = named === undefined ? " Name a user to undo an earlier write to another user." : "";
  return new ExpectedError(
    "cannot-be-undone",
    `The last write was ${command} of ${at} for ${user}, and the state before it is deleted.${next}`,
  );
}

function ofManyUsers({ at, command }: JournalEntry, run: string): ExpectedError {
  const isUndo = command === "undo";
  const whole = isUndo ? "" : `, or undo all of it: pictures undo --run ${run}`;
  return new ExpectedError(
    "undo-needs-user",
    `The last write was ${command} of ${at}, part of a run over ${isUndo ? "many users" : "a file"}. Name the user whose change to undo${whole}.`,
  );
}

function changedSince({ user, at, command }: JournalEntry): ExpectedError {
  return new ExpectedError(
    "changed-since",
    `The picture of ${user} was changed after ${command} of ${at}, so that is not undone. Check it (pictures show), then set the right one.`,
  );
}
