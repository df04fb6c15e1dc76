import { exportUsers } from "../people/export-users.ts";
import type { BulkRun } from "./bulk-run.ts";
import type { FileInFlight } from "./files-in-flight.ts";
import { resultOf, type ImportResult } from "./import-file.ts";
import { doubtOf, importFields, type PackedUser } from "./import-pack.ts";
import { pause, readPatiently, type Imports } from "./imports.ts";
import { isMadeAnew, madeAnew } from "./settled-outcome.ts";

/** After so many imports of a user that came to nothing there is no other one: what failed twice may fail for ever. */
const importsOfOne = 2;

/** Waits for the file's job, and settles its users. False where they have to be looked at again. */
export async function finishFile(imports: Imports, file: FileInFlight): Promise<boolean> {
  const { run, files } = imports;
  const { jobId } = file;
  const result = jobId === undefined ? undefined : await resultOf(run, jobId, file);
  if (result === undefined) for (const user of file.users) run.ledger.doubt(doubtOf(user));
  const isDone = result?.ended === "completed";
  if (isDone) await settle(imports, file.users, result);
  const areDone = result === undefined || isDone || giveUp(run, file.users, result);
  run.ledger.flush("durably");
  files.done(file);
  if (!areDone) await pause(imports, "unknown");
  else if (result !== undefined) imports.failed = 0;
  return isDone;
}

async function settle(
  imports: Imports,
  users: readonly PackedUser[],
  { inserted, refused, isClear }: ImportResult,
): Promise<void> {
  const { run } = imports;
  const anew =
    inserted > 0 ? await readPatiently(imports, () => usersMadeAnew(run, users)) : new Set<string>();
  for (const user of users) {
    const { outcome } = user;
    const code = refused.get(outcome.user);
    if (code !== undefined) refuse(run, user, code);
    else if (anew.has(outcome.user)) run.ledger.settle(madeAnew(outcome));
    else if (isClear) run.ledger.settle(outcome);
    else {
      run.ledger.oneByOne(outcome.user);
      run.ledger.doubt(doubtOf(user));
    }
  }
}

/** What an import refuses of a profile may be nothing that we change, so a PATCH may do it. */
function refuse({ people, ledger }: BulkRun, { outcome, entryId }: PackedUser, code: string): void {
  people.journal.append({ at: people.now().toISOString(), failed: entryId, code });
  ledger.oneByOne(outcome.user);
}

/**
 * The job ended without doing all that it should, or is gone: nobody knows who was changed.
 *
 * @returns Whether no import will be made of them any more.
 */
function giveUp(run: BulkRun, users: readonly PackedUser[], { refused }: ImportResult): boolean {
  const { ledger } = run;
  let areLast = true;
  for (const user of users) {
    const { outcome } = user;
    const code = refused.get(outcome.user);
    if (code !== undefined) {
      refuse(run, user, code);
      continue;
    }
    const failures = (ledger.doubtOf(outcome.user)?.failures ?? 0) + 1;
    if (failures >= importsOfOne) ledger.oneByOne(outcome.user);
    else areLast = false;
    ledger.doubt({ ...doubtOf(user), failures });
  }
  return areLast;
}

/** Those of the users who are others than those who were read before. */
async function usersMadeAnew({ people, pace }: BulkRun, users: readonly PackedUser[]): Promise<Set<string>> {
  const createdAt = new Map(users.map((user) => [user.outcome.user, user.createdAt]));
  const found = new Set<string>();
  const wanted = (userId: string) => createdAt.has(userId);
  for await (const user of exportUsers(people.access, { more: importFields, pace: pace.exports, wanted })) {
    if (isMadeAnew(user, createdAt.get(user.user_id))) found.add(user.user_id);
  }
  return found;
}
