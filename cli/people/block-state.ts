import { textAt, type User } from "../../auth0/user.ts";
import { visible } from "../../lib/terminal.ts";
import { readPath } from "../../policy/login.ts";

/** As the policy asks. */
export function isBlocked(user: User): boolean {
  return readPath(user, "app_metadata", "picture_blocked") === true;
}

/** When, by whom and why, as far as it was noted; undefined where the picture is not blocked. */
export function blockNote(user: User): string | undefined {
  if (!isBlocked(user)) return undefined;
  const [at, by, reason] = ["at", "by", "reason"].map((name) =>
    textAt(user, "app_metadata", "picture_block", name),
  );
  const parts = [at, by === undefined ? undefined : `by client ${by}`, reason];
  return visible(parts.filter((part) => part !== undefined).join(", ")) || "when and why was not recorded";
}

/** Whether the picture is blocked, and by the blocker's clock the block was set after that time. */
export function isBlockedSince(user: User, time: Date): boolean {
  const at = textAt(user, "app_metadata", "picture_block", "at");
  return isBlocked(user) && at !== undefined && Date.parse(at) > time.getTime();
}

/**
 * Whether the picture was unblocked on purpose after this block was set; a block that somebody wrote over left no such note.
 *
 * @param block `app_metadata.picture_block` as the block wrote it.
 */
export function isUnblockedSince(user: User, block: unknown): boolean {
  const until = textAt(user, "app_metadata", "picture_block", "unblockedAt");
  if (isBlocked(user) || until === undefined) return false;
  const at = textAt(block, "at");
  return at === undefined || Date.parse(until) > Date.parse(at);
}
