import { statusOfFailure } from "../../auth0/management-client.ts";
import { textAt, type User } from "../../auth0/user.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { blockPlan, unblockPlan } from "../people/block-plans.ts";
import { isBlocked, isBlockedSince } from "../people/block-state.ts";
import { nextLogin } from "../people/next-login.ts";
import type { People } from "../people/people.ts";
import { effectiveChange, keysOf, withChange, type PictureChange } from "../people/picture-change.ts";
import type { Write } from "../people/write-change.ts";
import { blockStands, withBlockSaid } from "./block-stands.ts";
import { outcomeOf, type BulkChange, type BulkOutcome, type Shown } from "./bulk-change.ts";
import type { BulkRun } from "./bulk-run.ts";
import { restoration, type ReasonToLeave } from "./restoration.ts";

/** What a line does to a user as he is now. */
export interface UserChange {
  /** Undefined where nothing is to be changed. */
  readonly change: PictureChange | undefined;
  /** Why the user is left as he is. */
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
  if (bulk.action === "undo") return restoration(bulk.restores, user);
  // Whoever made the file did not know of this block.
  if (bulk.action === "unblock" && isBlockedSince(user, people.now())) {
    return { change: {}, leave: { code: "blocked-meanwhile", message: blockStands(user) } };
  }
  return { change: pictureChange(people, bulk, user) };
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
  { ledger, startedAt }: Pick<BulkRun, "ledger" | "startedAt">,
  bulk: BulkChange,
  user: User,
  found: UserChange,
): BulkOutcome {
  const { before, after } = found;
  const inFlight = ledger.inFlightOf(bulk.user);
  if (inFlight !== undefined && isMadeAnew(user, inFlight.createdAt)) return madeAnew(bulk);
  const isIdle = inFlight === undefined || found.leave !== undefined;
  const outcome = isIdle
    ? idleOutcome(bulk, found)
    : outcomeOf(bulk, "changed", { via: inFlight.via, before: inFlight.before ?? before, after });
  return withBlockSaid(outcome, bulk, user, startedAt);
}

/** The outcome for a user to whom nothing was, or is to be, sent. */
export function idleOutcome(bulk: BulkChange, { leave, before, after }: UserChange): BulkOutcome {
  if (leave === undefined) return outcomeOf(bulk, "unchanged", { before, after });
  return outcomeOf(bulk, bulk.action === "undo" ? "left" : "failed", { before, after, ...leave });
}

/**
 * The outcome for a failure that concerns one user.
 *
 * @throws `error` where it does not: it ends the run, which can continue later.
 */
export function failedOutcome(bulk: BulkChange, via: "import" | "patch", error: unknown): BulkOutcome {
  if (!(error instanceof ExpectedError)) throw error;
  if (error.code === "user-not-found") return outcomeOf(bulk, "gone");
  const ofUser = ["blocked-meanwhile", "change-lost"].includes(error.code);
  if (!ofUser && ![400, 409].includes(statusOfFailure(error) ?? 0)) throw error;
  return outcomeOf(bulk, "failed", { via, code: error.code, message: error.message });
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
      "This user was deleted between the export and the import. The import created it again with its email and user_metadata but " +
      "without a password and without app_metadata: delete it again.",
  };
}
