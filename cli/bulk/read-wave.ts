import { exportUsers } from "../people/export-users.ts";
import { primaryIdentity, type User } from "../people/user.ts";
import type { BulkChange } from "./bulk-change.ts";
import { importsAtOnce, type BulkRun } from "./bulk-run.ts";
import { changeOf } from "./change-of.ts";
import { connectionIdOf } from "./import-file.ts";
import { addToPack, emptyPack, importFields, takesImport, type Pack } from "./import-pack.ts";
import { settledOutcome } from "./settled-outcome.ts";
import type { Slot } from "./user-index.ts";

/** Users who were read a moment ago, as many as Auth0 imports at once. */
export interface Wave {
  readonly packs: readonly Pack[];
  /** Whether everybody was seen: who is still open then does not exist. */
  readonly isLast: boolean;
}

/** Reads an export until the packs are full. Users without need of an import are settled, or marked for a PATCH. */
export async function readWave(run: BulkRun): Promise<Wave> {
  const packs: Pack[] = [];
  let leftOut = false;
  const wanted = (userId: string) => isOpen(run.plan.index.find(userId));
  for await (const user of exportUsers(run.people.access, {
    more: importFields,
    pace: run.pace.exports,
    wanted,
  })) {
    const slot = run.plan.index.find(user.user_id);
    if (slot === undefined || (await place(run, packs, slot, user))) continue;
    leftOut = true;
    if (packs.length === importsAtOnce && packs.every(({ full }) => full)) break;
  }
  return { packs: packs.filter(({ rows }) => rows.length > 0), isLast: !leftOut };
}

function isOpen(slot: Slot | undefined): boolean {
  return slot?.state === "open" || slot?.state === "sent";
}

/** False where the user has to wait for the next wave. */
async function place(run: BulkRun, packs: Pack[], slot: Slot, user: User): Promise<boolean> {
  const bulk = run.plan.changeAt(slot);
  const changes = changeOf(run.people, run.startedAt, bulk, user);
  const { change } = changes;
  if (change === undefined) {
    run.ledger.settle(settledOutcome(run.ledger, bulk, user, changes));
    return true;
  }
  if (!takesImport(user) || (await connectionId(run, connectionOf(user))) === undefined) {
    run.plan.index.setState(slot, "one-by-one");
    return true;
  }
  const added = addToFreePack(run, packs, bulk, user, { ...changes, change });
  if (added === "too-large") run.plan.index.setState(slot, "one-by-one");
  return added !== "full";
}

type Add = Parameters<typeof addToPack>;

function addToFreePack(run: BulkRun, packs: Pack[], bulk: BulkChange, user: User, change: Add[4]) {
  const connection = connectionOf(user);
  for (const pack of packs.filter((other) => other.connection === connection && !other.full)) {
    const added = addToPack(run, pack, bulk, user, change);
    if (added !== "full") return added;
  }
  if (packs.length === importsAtOnce) return "full";
  const pack = emptyPack(connection);
  const added = addToPack(run, pack, bulk, user, change);
  if (added === "added") packs.push(pack);
  return added;
}

function connectionOf(user: User): string {
  return primaryIdentity(user).connection;
}

/** Asked once for each connection. */
async function connectionId(run: BulkRun, name: string): Promise<string | undefined> {
  if (!run.connections.has(name)) run.connections.set(name, await connectionIdOf(run, name));
  return run.connections.get(name);
}
