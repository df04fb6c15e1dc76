import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { userNotFound, type TenantUsers } from "../../auth0/tenant-users.ts";
import type { User } from "../../auth0/user.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { readPath } from "../../policy/login.ts";
import { blockNote, isBlocked, isUnblockedSince } from "./block-state.ts";
import { keysOf, patchOf, pictureValues, type PictureChange, type PictureKey } from "./picture-change.ts";

/**
 * Sends the change by PATCH, which leaves all else as it is. A PATCH has no condition, so a block is lifted in two steps: the
 * flag, then the note. If the note is no longer the one that was read, the picture was blocked again meanwhile, and the flag
 * is set again.
 *
 * @param user As read right before.
 * @returns The user as Auth0 answers.
 * @throws ExpectedError `blocked-meanwhile`, or as `TenantUsers.patch` does: then nothing is changed.
 */
export async function sendChange(
  users: Pick<TenantUsers, "patch">,
  user: User,
  change: PictureChange,
): Promise<User> {
  const { user_id: id } = user;
  if (!liftsBlock(user, change)) return users.patch(id, patchOf(change));
  const { [flag]: lifted, ...rest } = change;
  const now = await users.patch(id, patchOf({ [flag]: lifted }));
  if (!isDeepStrictEqual(noteOf(now), noteOf(user))) {
    throw blockedMeanwhile(await users.patch(id, patchOf({ [flag]: true })));
  }
  if (keysOf(rest).length === 0) return now;
  return users.patch(id, patchOf(rest)).catch((cause: unknown) => {
    throw notNoted(id, cause);
  });
}

/** Milliseconds before each read after a write: a read may be older than the write for a moment. */
const readAfterMs = [0, 250, 1000];

/**
 * Reads the user after the change was sent, until what was written is there. A block is sent again where it is not: it wins
 * over an import of another machine. That the change is still there a moment later is not known.
 *
 * @param user As read right before the change.
 * @returns The user as read after it.
 * @throws ExpectedError `change-lost`, `blocked-meanwhile`, `user-not-found`, or as `TenantUsers` does.
 */
export async function readBack(
  users: Pick<TenantUsers, "get" | "patch">,
  user: User,
  change: PictureChange,
): Promise<User> {
  const { user_id: id } = user;
  let now: User | undefined;
  for (const waitMs of readAfterMs) {
    if (now !== undefined) {
      await sleep(waitMs);
      if (change[flag] === true && !isBlocked(now) && !isUnblockedSince(now, change[note])) {
        await users.patch(id, patchOf(change));
      }
    }
    now = await readAgain(users, id);
    if (now === undefined) throw userNotFound(id);
    if (isThere(user, change, now)) return now;
  }
  if (now !== undefined && liftsBlock(user, change) && isBlocked(now)) throw blockedMeanwhile(now);
  throw lostChange(id);
}

async function readAgain(users: Pick<TenantUsers, "get">, id: string): Promise<User | undefined> {
  try {
    return await users.get(id);
  } catch (cause) {
    if (!(cause instanceof ExpectedError)) throw cause;
    const message = `The change of ${id} was sent, but whether it is there could not be read: ${cause.message}`;
    throw new ExpectedError(cause.code, message, { cause });
  }
}

const flag = "app_metadata.picture_blocked";
const note = "app_metadata.picture_block";

function liftsBlock(user: User, change: PictureChange): boolean {
  return flag in change && change[flag] !== true && isBlocked(user);
}

function noteOf(user: User): unknown {
  return readPath(user, "app_metadata", "picture_block");
}

function isThere(before: User, change: PictureChange, now: User): boolean {
  const [old, found] = [pictureValues(before, keysOf(change)), pictureValues(now, keysOf(change))];
  const isBlocking = change[flag] === true;
  return keysOf(change).every((key: PictureKey) => {
    const wanted = change[key] ?? null;
    if (isDeepStrictEqual(found[key], wanted)) return true;
    // Another block that came after it is a block all the same.
    if (isBlocking && key === note) return isBlocked(now);
    // In place of a root picture that is taken away Auth0 may put its own.
    return key === "picture" && wanted === null && found[key] !== old[key];
  });
}

function blockedMeanwhile(user: User): ExpectedError {
  return new ExpectedError(
    "blocked-meanwhile",
    `${user.user_id} was blocked again while this ran (${blockNote(user) ?? "not any more"}), so the block stands. Check it ` +
      "(pictures show), then unblock once more if that is right.",
  );
}

/** @param id The user's. */
export function lostChange(id: string): ExpectedError {
  return new ExpectedError(
    "change-lost",
    `The change of ${id} was made and is not there any more: another command or application wrote over it. Check it ` +
      "(pictures show), then try again.",
  );
}

/** The cause is one step further away than that of a refusal: the block is lifted. */
function notNoted(id: string, cause: unknown): ExpectedError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof ExpectedError ? cause.code : "auth0-failed";
  return new ExpectedError(code, `The block of ${id} is lifted, but who did it is not noted: ${why}`, {
    cause,
  });
}
