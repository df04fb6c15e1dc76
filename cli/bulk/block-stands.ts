import type { User } from "../../auth0/user.ts";
import { readPath } from "../../policy/login.ts";
import { blockNote, isBlocked, isBlockedSince, isUnblockedSince } from "../people/block-state.ts";
import type { People } from "../people/people.ts";
import { writeChange, type Write } from "../people/write-change.ts";
import type { BulkChange, BulkOutcome } from "./bulk-change.ts";

/** A block that was there when the user was read. */
export interface NotedBlock {
  /** `app_metadata.picture_block`, as it was. */
  readonly note: unknown;
}

/** Undefined of a user who is not blocked. */
export function notedBlock(user: User): NotedBlock | undefined {
  return isBlocked(user) ? { note: readPath(user, "app_metadata", "picture_block") ?? null } : undefined;
}

/**
 * The outcome, with what is to be said of a block that was set while the run was at work. Nothing is to be done: what the run
 * wrote did not take it away.
 *
 * @param startedAt Of the run.
 */
export function withBlockSaid(
  outcome: BulkOutcome,
  bulk: BulkChange,
  user: User,
  startedAt: Date,
): BulkOutcome {
  if (outcome.code !== undefined || setsBlock(bulk) || !isBlocked(user)) return outcome;
  const wasBlocked = outcome.before?.reason === "blocked";
  if (wasBlocked && !isBlockedSince(user, startedAt)) return outcome;
  return { ...outcome, code: "blocked-meanwhile", message: blockStands(user) };
}

/** For people: that, when and why a user was blocked who was not to be. */
export function blockStands(user: User): string {
  return `Blocked while this ran (${blockNote(user) ?? ""}): the block stands, and logins show the default image.`;
}

/** A block that the line set itself is no news. */
function setsBlock({ action, restores }: BulkChange): boolean {
  return action === "block" || restores?.before?.["app_metadata.picture_blocked"] === true;
}

/**
 * Sets a block again that was there when the user was read and is gone now, unless it was lifted on purpose. No import of ours
 * takes it away; one of an older version, or of another program, may.
 *
 * @param user As read after the import.
 * @returns The user with the block; undefined where there is nothing to restore.
 * @throws ExpectedError as `writeChange` does.
 */
export async function restoreBlock(
  people: People,
  user: User,
  { command, block }: Pick<Write, "command"> & { readonly block: NotedBlock | undefined },
): Promise<User | undefined> {
  if (block === undefined || isBlocked(user) || isUnblockedSince(user, block.note)) return undefined;
  const change = { "app_metadata.picture_blocked": true, "app_metadata.picture_block": block.note };
  // Not part of the run, and final: no undo is to take the block away.
  const { user: blocked } = await writeChange(people, user, { command, change, final: true });
  return blocked;
}

/** The outcome of a user whose block was set again. */
export function withBlockRestored(outcome: BulkOutcome, user: User): BulkOutcome {
  const message = `The block was gone after this write, so it was set again (${blockNote(user) ?? ""}): another program wrote over it.`;
  return { ...outcome, code: "block-restored", message };
}
