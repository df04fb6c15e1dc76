import type { User } from "../../auth0/user.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { createFingerprintTable } from "../../lib/fingerprint-table.ts";
import type { Progress } from "../../lib/progress.ts";
import { readPath } from "../../policy/login.ts";
import type { CopyStore, StoredCopy } from "../storage/copy-store.ts";

export interface PruneTask {
  /** All of the tenant's users, as they are now. */
  readonly users: AsyncIterable<User>;
  readonly store: Pick<CopyStore, "keyOf" | "copies" | "markUnused" | "unmark" | "remove">;
  /** Since how many days nothing must have pointed at a copy that is deleted. */
  readonly olderThan: number;
  /** Without it nothing is changed. */
  readonly yes: boolean;
  readonly now: Date;
  /** Told the keys that are deleted, some at a time, for a delivery network to forget. */
  readonly onDeleted: (keys: readonly string[]) => Promise<void>;
  readonly progress: Progress;
}

/** How many copies there are of each kind. */
export interface PruneCounts {
  /** A user's profile points at them. */
  used: number;
  /** Nothing does, but not for long enough: a token may still show them. */
  waiting: number;
  /** Or would be deleted. */
  deleted: number;
}

const dayMs = 24 * 60 * 60_000;

/** How many paths a delivery network is told at a time. */
const deletedAtATime = 500;

/**
 * Deletes the copies at which nothing points: of users who are gone, of pictures that changed, of runs that were cut off or taken
 * back. When a copy is first found like that, it is only noted; it is deleted once that is `olderThan` days ago. Ten bytes of memory
 * for each copy in use.
 *
 * @throws ExpectedError `no-users`, `picture-store-…`, or what `users` throws.
 */
export async function pruneCopies(task: PruneTask): Promise<PruneCounts> {
  const { store, yes, progress, onDeleted } = task;
  const isUsed = await usedCopies(task);
  const counts: PruneCounts = { used: 0, waiting: 0, deleted: 0 };
  let deleted: string[] = [];
  const flush = async () => {
    const keys = deleted;
    deleted = [];
    if (keys.length > 0) await onDeleted(keys);
  };
  progress.phase("Looking for copies");
  try {
    for await (const copy of store.copies()) {
      progress.advance();
      const kind = isUsed(copy.key) ? "used" : kindOf(copy, task);
      counts[kind] += 1;
      if (!yes) continue;
      if (kind === "used" && copy.unusedSince !== undefined) await store.unmark(copy.key);
      if (kind === "waiting" && copy.unusedSince === undefined) await store.markUnused(copy.key);
      if (kind === "deleted") {
        await store.remove(copy.key);
        deleted.push(copy.key);
      }
      if (deleted.length >= deletedAtATime) await flush();
    }
  } finally {
    progress.clear();
    // Also of a run that fails: what is deleted must not be served any more.
    await flush();
  }
  return counts;
}

/** One that was stored since the users were read may be noted by now. */
function kindOf({ storedAt, unusedSince }: StoredCopy, { now, olderThan }: PruneTask): "waiting" | "deleted" {
  const since = unusedSince ?? now;
  const isOld = now.getTime() - since.getTime() >= olderThan * dayMs;
  return isOld && storedAt.getTime() < now.getTime() ? "deleted" : "waiting";
}

/** Wherever a profile may name one: a login may have put a copy's URL there, or a user who likes the picture. */
const places = [["app_metadata", "picture_copy", "url"], ["user_metadata", "picture"], ["picture"]] as const;

async function usedCopies({ users, store, progress }: PruneTask): Promise<(key: string) => boolean> {
  const used = createFingerprintTable();
  let count = 0;
  progress.phase("Reading users");
  for await (const user of users) {
    count += 1;
    progress.advance();
    for (const place of places) {
      const key = store.keyOf(readPath(user, ...place));
      if (key !== undefined) used.set(key, 1);
    }
  }
  if (count === 0) throw noUsers();
  return (key) => used.get(key) !== undefined;
}

function noUsers(): ExpectedError {
  const message =
    "The tenant's export holds no users, so every copy would be deleted; nothing was. Check that this is the right tenant. If it has no " +
    "users any more, delete the folder users/ of the bucket.";
  return new ExpectedError("no-users", message);
}
