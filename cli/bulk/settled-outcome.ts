import { textAt, type User } from "../people/user.ts";
import type { BulkChange } from "./bulk-change.ts";
import { outcomeOf, type BulkOutcome } from "./bulk-outcome.ts";
import type { UserChange } from "./change-of.ts";
import type { Ledger } from "./ledger.ts";

/** What becomes of a user who needs no change any more: where it was sent once, that was us. */
export function settledOutcome(
  { doubtOf }: Pick<Ledger, "doubtOf">,
  bulk: BulkChange,
  user: User,
  { before, after }: UserChange,
): BulkOutcome {
  const doubt = doubtOf(bulk.user);
  if (doubt === undefined) return outcomeOf(bulk, "unchanged", { before, after });
  if (isMadeAnew(user, doubt.createdAt)) return madeAnew(bulk);
  return outcomeOf(bulk, "changed", { via: doubt.via, before: doubt.before ?? before, after });
}

/**
 * Whether the user is another one than the one that was read before.
 *
 * @param createdAt Of that one, where it is known.
 */
export function isMadeAnew(user: User, createdAt: string | undefined): boolean {
  return createdAt !== undefined && textAt(user, "created_at") !== createdAt;
}

/** What becomes of a user whom an import made. */
export function madeAnew({ line, user, action }: Pick<BulkChange, "line" | "user" | "action">): BulkOutcome {
  return {
    line,
    user,
    action,
    outcome: "failed",
    via: "import",
    code: "made-anew",
    message:
      "Somebody deleted this user between the export and the import, which made it anew with its email and metadata but " +
      "without a password: delete it again.",
  };
}
