import { textAt, type User } from "../../auth0/user.ts";
import { blockPlan, isBlocked, unblockPlan } from "../people/block-plans.ts";
import { nextLogin } from "../people/next-login.ts";
import type { People } from "../people/people.ts";
import { effectiveChange, keysOf, withChange, type PictureChange } from "../people/picture-change.ts";
import type { Write } from "../people/write-change.ts";
import { outcomeOf, type BulkChange, type BulkOutcome, type Shown } from "./bulk-change.ts";
import type { Ledger } from "./ledger.ts";
import { restoration, type ReasonToLeave } from "./restoration.ts";

/** What a line does to a user as he is now. */
export interface UserChange {
  /** Undefined where nothing is to be changed. */
  readonly change: PictureChange | undefined;
  /** For `undo`, why the user is left as he is. */
  readonly leave?: ReasonToLeave | undefined;
  readonly before: Shown;
  readonly after: Shown;
}

/**
 * @param startedAt When the run began, which a block notes: a change that is made once more is the same.
 */
export function changeOf(people: People, startedAt: Date, bulk: BulkChange, user: User): UserChange {
  const { change: wanted, leave } = wantedChange({ ...people, now: () => startedAt }, bulk, user);
  const change = effectiveChange(user, wanted);
  return {
    change: keysOf(change).length > 0 ? change : undefined,
    leave,
    before: shownBy(people, user),
    after: shownBy(people, withChange(user, change)),
  };
}

/** What the next login shows. */
export function shownBy({ settings }: People, user: User): Shown {
  const { picture, reason } = nextLogin(user, settings);
  return { picture, reason };
}

/** How the journal records the write that a line asks for. */
export function recordedAs({ action, restores }: BulkChange): Pick<Write, "command" | "undoes"> {
  if (action !== "undo") return { command: "apply" };
  return restores === undefined ? { command: "undo" } : { command: "undo", undoes: restores.id };
}

function wantedChange(
  people: People,
  bulk: BulkChange,
  user: User,
): { readonly change: PictureChange; readonly leave?: ReasonToLeave } {
  return bulk.action === "undo"
    ? restoration(bulk.restores, user)
    : { change: pictureChange(people, bulk, user) };
}

function pictureChange(people: People, { action, url, reason = "" }: BulkChange, user: User): PictureChange {
  if (action === "set") return { "user_metadata.picture": url };
  if (action === "clear") return { "user_metadata.picture": "" };
  if (action === "unblock") return unblockPlan(people, user).change;
  // A different time is not a reason to write.
  const isSame = isBlocked(user) && textAt(user, "app_metadata", "picture_block", "reason") === reason;
  return isSame ? {} : blockPlan(people, user, reason).change;
}

/** The outcome for a user who needs no change now: if a change was in flight, it was ours. */
export function settledOutcome(
  { inFlightOf }: Pick<Ledger, "inFlightOf">,
  bulk: BulkChange,
  user: User,
  found: UserChange,
): BulkOutcome {
  const { before, after } = found;
  const inFlight = inFlightOf(bulk.user);
  if (inFlight === undefined) return idleOutcome(bulk, found);
  if (isMadeAnew(user, inFlight.createdAt)) return madeAnew(bulk);
  if (found.leave !== undefined) return idleOutcome(bulk, found);
  return outcomeOf(bulk, "changed", { via: inFlight.via, before: inFlight.before ?? before, after });
}

/** The outcome for a user to whom nothing was, or is to be, sent. */
export function idleOutcome(bulk: BulkChange, { leave, before, after }: UserChange): BulkOutcome {
  return outcomeOf(bulk, leave === undefined ? "unchanged" : "left", { before, after, ...leave });
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
      "This user was deleted between the export and the import. The import created it again with its email and metadata but " +
      "without a password: delete it again.",
  };
}
