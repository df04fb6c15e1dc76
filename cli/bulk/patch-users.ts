import { randomUUID } from "node:crypto";
import type { User } from "../../auth0/user.ts";
import { mapConcurrently } from "../../lib/concurrency.ts";
import { writeChange, type Written } from "../people/write-change.ts";
import { withBlockSaid } from "./block-stands.ts";
import { outcomeOf, type BulkChange, type BulkOutcome } from "./bulk-change.ts";
import type { BulkRun } from "./bulk-run.ts";
import {
  changeOf,
  failedOutcome,
  recordedAs,
  settledOutcome,
  shownBy,
  type UserChange,
} from "./change-of.ts";
import { isMeant } from "./primary-ids.ts";
import { verifiedOutcome } from "./verify-import.ts";

/** Well below the rate that Auth0 gives the smallest tenants. */
const atOnce = 2;

/** Some seconds of work: a moderator who blocks a picture waits for no more. */
const inOneStretch = 20;

/** Changes all users without an outcome one by one: three requests each. Auth0 merges, so nothing else is written. */
export async function patchUsers(run: BulkRun): Promise<void> {
  for (const changes of inParts(openChanges(run), inOneStretch)) {
    await run.inStretch(["users", "blocks"], () => patchSome(run, changes));
  }
  run.ledger.flush("durably");
}

function* inParts<T>(items: Iterable<T>, most: number): Generator<T[]> {
  let part: T[] = [];
  for (const item of items) {
    part.push(item);
    if (part.length < most) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

async function patchSome(run: BulkRun, changes: readonly BulkChange[]): Promise<void> {
  for await (const outcome of mapConcurrently(changes, atOnce, (bulk) => patchUser(run, bulk))) {
    run.ledger.settle(outcome);
    run.ledger.flush();
  }
}

function* openChanges({ plan }: BulkRun): Generator<BulkChange> {
  for (const change of plan.changes()) {
    if (plan.index.find(change.user)?.state !== "settled") yield change;
  }
}

async function patchUser(run: BulkRun, bulk: BulkChange): Promise<BulkOutcome> {
  const { people, startedAt, ledger } = run;
  try {
    const user = await people.users.get(bulk.user);
    if (user === undefined || !isMeant(bulk, user)) return outcomeOf(bulk, "gone");
    if (ledger.inFlightOf(bulk.user)?.made === true) return await verifiedOutcome(run, bulk, user);
    const found = changeOf(people, startedAt, bulk, user);
    if (found.change === undefined) return settledOutcome(run, bulk, user, found);
    const { user: changed } = await write(run, bulk, user, { ...found, change: found.change });
    const { before } = found;
    const outcome = outcomeOf(bulk, "changed", { via: "patch", before, after: shownBy(people, changed) });
    return withBlockSaid(outcome, bulk, changed, startedAt);
  } catch (error) {
    return failedOutcome(bulk, "patch", error);
  }
}

async function write(
  { people, id: run, ledger }: BulkRun,
  bulk: BulkChange,
  user: User,
  { change, before, after }: UserChange & { readonly change: NonNullable<UserChange["change"]> },
): Promise<Written> {
  const id = ledger.inFlightOf(user.user_id)?.entryId ?? randomUUID();
  ledger.setInFlight({ user: user.user_id, via: "patch", before, after, entryId: id });
  return writeChange(people, user, { ...recordedAs(bulk), change, run, id });
}
