import type { User } from "../../auth0/user.ts";
import { isBlocked } from "../people/block-state.ts";
import { lostChange } from "../people/checked-change.ts";
import { restoreBlock, withBlockRestored, type NotedBlock } from "./block-stands.ts";
import { outcomeOf, type BulkChange, type BulkOutcome } from "./bulk-change.ts";
import type { BulkRun } from "./bulk-run.ts";
import { changeOf, failedOutcome, isMadeAnew, madeAnew, recordedAs, settledOutcome } from "./change-of.ts";

/**
 * What became of a change of which Auth0 said that it was made, as a later read shows. A change that is not there is lost, and
 * is not made again: what is there instead may be newer. A block that is gone is set again.
 *
 * @param seen The user in an export, or as read alone.
 */
export async function verifiedOutcome(run: BulkRun, bulk: BulkChange, seen: User): Promise<BulkOutcome> {
  const inFlight = run.ledger.inFlightOf(bulk.user);
  const isFine = !isLost(run, bulk, seen) && (inFlight?.block === undefined || isBlocked(seen));
  // An export may be older than the write.
  const user = isFine ? seen : await run.people.users.get(bulk.user);
  if (user === undefined) return outcomeOf(bulk, "gone");
  if (isMadeAnew(user, inFlight?.createdAt)) return madeAnew(bulk);
  try {
    return await outcomeNow(run, bulk, user, inFlight?.block);
  } catch (error) {
    return failedOutcome(bulk, "import", error);
  }
}

async function outcomeNow(
  run: BulkRun,
  bulk: BulkChange,
  user: User,
  block: NotedBlock | undefined,
): Promise<BulkOutcome> {
  const { command } = recordedAs(bulk);
  const blocked = await restoreBlock(run.people, user, { command, block });
  if (isLost(run, bulk, user)) throw lostChange(bulk.user);
  const now = blocked ?? user;
  const outcome = settledOutcome(run, bulk, now, changeNow(run, bulk, now));
  return blocked === undefined ? outcome : withBlockRestored(outcome, blocked);
}

/** Whether the user is not as the line wants him. */
function isLost(run: BulkRun, bulk: BulkChange, user: User): boolean {
  const { change, leave } = changeNow(run, bulk, user);
  return change !== undefined || leave?.code === "changed-since";
}

function changeNow({ people, startedAt }: BulkRun, bulk: BulkChange, user: User) {
  return changeOf(people, startedAt, bulk, user);
}
