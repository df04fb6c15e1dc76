import type { User } from "../../auth0/user.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { hashOf, noteKeys, pictureKeys, pictureValues } from "./picture-change.ts";

/** What somebody who judges a picture has before their eyes, in a fixed order. */
const seenKeys = pictureKeys.filter((key) => !noteKeys.includes(key));

/** Hexadecimal characters of a hash. Half of SHA-256: nobody can make two URLs with the same. */
const hashLength = 32;

/**
 * A fingerprint of the user's picture as it is: for a page that is shown now and answered later. It says of each value apart
 * whether it is still the same, and nothing of what it is. It is no fingerprint of the noted folder and of the mark of a review.
 */
export function seenOf(user: User): string {
  const values = pictureValues(user, seenKeys);
  return seenKeys
    .map((key) => (values[key] === null ? "" : hashOf({ [key]: values[key] }).slice(0, hashLength)))
    .join(".");
}

/**
 * Refuses a user whose picture is not the one that was shown.
 *
 * @param seen As `seenOf` gave it; undefined where none was shown.
 * @throws ExpectedError `changed-since-shown`.
 */
export function requireAsSeen(user: User, seen: string | undefined): void {
  if (seen === undefined) return;
  const [now, then] = [seenOf(user).split("."), seen.split(".")];
  const changed = seenKeys.filter((_key, index) => now[index] !== then[index]);
  if (changed.length === 0 && then.length === now.length) return;
  // What a fingerprint of another form is of, is not known.
  const what = then.length === now.length ? ` (${changed.join(", ")})` : "";
  throw new ExpectedError(
    "changed-since-shown",
    `The picture of ${user.user_id} was changed since it was shown${what}, so nothing was written. Look at it as it is now, then decide.`,
  );
}
