import { isDeepStrictEqual } from "node:util";
import type { User } from "../../auth0/user.ts";
import type { JournalEntry } from "../people/journal.ts";
import { hashOf, pictureValues, type PictureChange } from "../people/picture-change.ts";

/** Why a user is left as he is, in the report. `blocked-meanwhile` is for a line that unblocks. */
export interface ReasonToLeave {
  readonly code: "changed-since" | "cannot-be-undone" | "blocked-meanwhile";
  readonly message: string;
}

/**
 * The change that takes a write back. Nothing to change where the state before it is there already; the reason where
 * it must not be taken back, since the picture was changed after it, or cannot, since the state before it is deleted.
 *
 * @param entry Undefined where the journal does not have it any more.
 */
export function restoration(
  entry: JournalEntry | undefined,
  user: User,
): { readonly change: PictureChange; readonly leave?: ReasonToLeave } {
  if (entry === undefined) return { change: {}, leave: notRecorded };
  const now = hashOf(pictureValues(user, entry.keys));
  if (now === entry.hashBefore) return { change: {} };
  const { before } = entry;
  if (before === undefined || !isWhole(before, entry)) return { change: {}, leave: notRecorded };
  return now === entry.hashAfter ? { change: before } : { change: {}, leave: changedSince };
}

/** The journal is a file: what is written back must be what was there. */
function isWhole(before: Readonly<Record<string, unknown>>, { keys, hashBefore }: JournalEntry): boolean {
  return (
    isDeepStrictEqual(Object.keys(before).toSorted(), [...keys].toSorted()) && hashOf(before) === hashBefore
  );
}

const changedSince: ReasonToLeave = {
  code: "changed-since",
  message: "The picture was changed after the run, so it is left as it is.",
};

const notRecorded: ReasonToLeave = {
  code: "cannot-be-undone",
  message: "The state before the run is not in the journal any more, so the picture is left as it is.",
};
