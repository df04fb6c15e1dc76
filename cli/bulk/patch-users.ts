import { ExpectedError } from "../../infra/expected-error.ts";
import { mapConcurrently } from "../discourse/map-concurrently.ts";
import { patiently, statusOfFailure } from "../management/patiently.ts";
import { writeChange } from "../people/write-change.ts";
import type { BulkChange } from "./bulk-change.ts";
import { outcomeOf, type BulkOutcome } from "./bulk-outcome.ts";
import type { BulkRun } from "./bulk-run.ts";
import { changeOf, shownBy } from "./change-of.ts";

/** Well below the rate that Auth0 gives the smallest tenants. */
const atOnce = 2;

/** Changes everybody one by one who has no outcome yet: two requests each. Auth0 merges, so nothing else is written. */
export async function patchUsers(run: BulkRun): Promise<void> {
  for await (const outcome of mapConcurrently(openChanges(run), atOnce, (bulk) => patchUser(run, bulk))) {
    run.ledger.settle(outcome);
    run.ledger.flush();
  }
  run.ledger.flush("durably");
}

function* openChanges({ plan }: BulkRun): Generator<BulkChange> {
  for (const change of plan.changes()) {
    if (plan.index.find(change.user)?.state !== "settled") yield change;
  }
}

async function patchUser(run: BulkRun, bulk: BulkChange): Promise<BulkOutcome> {
  const { people, startedAt, id, plan, ledger } = run;
  const via = "patch";
  try {
    const user = await patiently(() => people.users.get(bulk.user));
    if (user === undefined) return outcomeOf(bulk, "gone");
    const { change, before, after } = changeOf(people, startedAt, bulk, user);
    if (change === undefined) {
      const outcome = plan.index.find(bulk.user)?.state === "sent" ? "changed" : "unchanged";
      return outcomeOf(bulk, outcome, { before, after });
    }
    ledger.doubt(bulk.user);
    const write = { command: "apply", change, run: id };
    const { user: changed } = await patiently(() => writeChange(people, user, write));
    return outcomeOf(bulk, "changed", { via, before, after: shownBy(people, changed) });
  } catch (error) {
    return failed(bulk, error);
  }
}

/** What concerns one user alone; anything else ends the run, which can go on later. */
function failed(bulk: BulkChange, error: unknown): BulkOutcome {
  if (error instanceof ExpectedError && error.code === "user-not-found") return outcomeOf(bulk, "gone");
  const status = statusOfFailure(error);
  if (!(error instanceof ExpectedError) || status === undefined || ![400, 409].includes(status)) throw error;
  return outcomeOf(bulk, "failed", { via: "patch", code: error.code, message: error.message });
}
