import { blockPlan, isBlocked, unblockPlan } from "../people/block-plans.ts";
import { nextLogin } from "../people/next-login.ts";
import type { People } from "../people/people.ts";
import { effectiveChange, keysOf, withChange, type PictureChange } from "../people/picture-change.ts";
import { textAt, type User } from "../people/user.ts";
import type { BulkChange } from "./bulk-change.ts";
import type { Shown } from "./bulk-outcome.ts";

/** What a line does to a user as he is now. */
export interface UserChange {
  /** Undefined where nothing is to be changed. */
  readonly change: PictureChange | undefined;
  readonly before: Shown;
  readonly after: Shown;
}

/**
 * @param startedAt When the run began, which a block notes: a change that is made once more is the same.
 */
export function changeOf(people: People, startedAt: Date, bulk: BulkChange, user: User): UserChange {
  const change = effectiveChange(user, pictureChange({ ...people, now: () => startedAt }, bulk, user));
  return {
    change: keysOf(change).length > 0 ? change : undefined,
    before: shownBy(people, user),
    after: shownBy(people, withChange(user, change)),
  };
}

/** What the next login shows. */
export function shownBy({ settings }: People, user: User): Shown {
  const { picture, reason } = nextLogin(user, settings);
  return { picture, reason };
}

function pictureChange(people: People, { action, url, reason = "" }: BulkChange, user: User): PictureChange {
  if (action === "set") return { "user_metadata.picture": url };
  if (action === "clear") return { "user_metadata.picture": "" };
  if (action === "unblock") return unblockPlan(people, user).change;
  // Another time alone is no reason to write.
  const isSame = isBlocked(user) && textAt(user, "app_metadata", "picture_block", "reason") === reason;
  return isSame ? {} : blockPlan(people, user, reason).change;
}
