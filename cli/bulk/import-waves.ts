import { exportUsers } from "../../auth0/jobs.ts";
import { primaryIdentity, type User } from "../../auth0/user.ts";
import { outcomeOf, type BulkChange } from "./bulk-change.ts";
import { importsAtOnce, type BulkRun } from "./bulk-run.ts";
import { changeOf, settledOutcome } from "./change-of.ts";
import { filesInFlight, type FileInFlight } from "./files-in-flight.ts";
import {
  connectionIdOf,
  pause,
  readPatiently,
  resultOf,
  sendFile,
  type ImportResult,
  type Imports,
} from "./import-file.ts";
import {
  addToPack,
  inFlightWrite,
  emptyPack,
  importFields,
  takesImport,
  type Pack,
  type PackedUser,
} from "./import-pack.ts";
import type { Slot } from "./user-index.ts";
import { verifiedOutcome } from "./verify-import.ts";

/** Finishes what an earlier process left in flight, even if no user remains to be imported. */
export async function finishLeftImports(run: BulkRun): Promise<Imports> {
  const imports: Imports = { run, files: filesInFlight(run.folder, run.id), failed: 0 };
  for (const file of imports.files.left()) await finishFile(imports, file);
  return imports;
}

/**
 * Brings the changes of everybody who takes an import to the tenant, in waves: an export, then the imports that Auth0 takes
 * at once. So what is written back was read right before, and who is in no import of the wave is not touched. Each export also
 * shows what the imports of the wave before it came to; the last one is for nothing else.
 */
export async function importWaves(imports: Imports): Promise<void> {
  const { run } = imports;
  // An import writes what was read before it: nobody is to change that in between.
  while (!(await run.inStretch(["users"], () => importWave(imports)))) continue;
  settleGone(run);
}

/** Whether everybody was looked at, and nobody is left to be imported. */
async function importWave(imports: Imports): Promise<boolean> {
  const { run } = imports;
  const wave = await readPatiently(imports, () => readWave(run));
  run.ledger.flush("durably");
  await importPacks(imports, wave.packs);
  return wave.isLast && wave.packs.length === 0;
}

/** Whoever is in the packs is then to be looked at again, or is to be changed by PATCH. */
async function importPacks(imports: Imports, packs: readonly Pack[]): Promise<void> {
  const started: FileInFlight[] = [];
  for (const pack of packs) {
    const file = await startFile(imports, pack);
    if (file !== undefined) started.push(file);
  }
  for (const file of started) await finishFile(imports, file);
}

async function startFile(imports: Imports, pack: Pack): Promise<FileInFlight | undefined> {
  const { run, files } = imports;
  const connectionId = run.connections.get(pack.connection);
  if (connectionId === undefined) return undefined;
  const file = files.begin(pack);
  run.people.journal.append(...pack.entries);
  const sent = await sendFile(run, connectionId, file, pack);
  if (sent.kind === "started") return files.started(file, sent.jobId);
  if (sent.kind === "unknown") for (const user of pack.users) run.ledger.setInFlight(inFlightWrite(user));
  else noteNotTaken(run, pack, sent.kind);
  if (sent.kind === "refused") refuseConnection(run, pack.connection, sent.why);
  if (sent.kind === "too-large") refusePack(run, pack);
  run.ledger.flush("durably");
  files.done(file);
  if (sent.kind === "busy") await pause(imports, "busy", { waitMs: sent.waitMs });
  if (sent.kind === "unknown") await pause(imports, "unknown");
  return undefined;
}

/** Records the failure in the journal; an entry of an earlier import, which may have succeeded, stays. */
function noteNotTaken({ people, ledger }: BulkRun, { users }: Pack, code: string): void {
  const at = people.now().toISOString();
  const isNew = ({ outcome, entryId }: PackedUser) => ledger.inFlightOf(outcome.user)?.entryId !== entryId;
  people.journal.append(
    ...users.filter(isNew).map(({ entryId }) => ({ at, failed: entryId, code: `import-${code}` })),
  );
}

/** Its users go one by one from now on. */
function refuseConnection({ connections, notes }: BulkRun, name: string, why: string): void {
  connections.set(name, undefined);
  notes.push(`Connection ${name} does not accept imports, so its users were written one by one. ${why}`);
}

/** So large a file will be too large again. */
function refusePack({ ledger, notes }: BulkRun, { users }: Pack): void {
  for (const { outcome } of users) ledger.oneByOne(outcome.user);
  notes.push(`Auth0 called an import of ${users.length} users too large, so they were written one by one.`);
}

/** Who was sent and is in no export any more is read alone, with those who go one by one. */
function settleGone({ plan, ledger }: BulkRun): void {
  for (const change of plan.changes()) {
    if (plan.index.find(change.user)?.state === "open") ledger.settle(outcomeOf(change, "gone"));
  }
}

/** Users who were read a moment ago, as many as Auth0 imports at once. */
interface Wave {
  readonly packs: readonly Pack[];
  /** Whether everybody was seen: who is still open then does not exist. */
  readonly isLast: boolean;
}

/**
 * Reads an export until the packs are full and everybody of the former imports was seen. Users without need of an import are
 * settled, or marked for a PATCH.
 */
async function readWave(run: BulkRun): Promise<Wave> {
  const { ledger, plan } = run;
  const packs: Pack[] = [];
  let leftOut = false;
  let unverified = ledger.unverified();
  const wanted = (userId: string) => isOpen(plan.index.find(userId));
  for await (const user of exportUsers(run.people.access, {
    more: importFields,
    pace: run.pace.exports,
    wanted,
  })) {
    const slot = plan.index.find(user.user_id);
    if (slot === undefined) continue;
    if (ledger.inFlightOf(user.user_id)?.made === true) {
      ledger.settle(await verifiedOutcome(run, plan.changeAt(slot), user));
      unverified -= 1;
    } else if (!(await place(run, packs, slot, user))) leftOut = true;
    if (leftOut && unverified === 0 && areFull(packs)) break;
  }
  return { packs: packs.filter(({ rows }) => rows.length > 0), isLast: !leftOut };
}

function areFull(packs: readonly Pack[]): boolean {
  return packs.length === importsAtOnce && packs.every(({ full }) => full);
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
    run.ledger.settle(settledOutcome(run, bulk, user, changes));
    return true;
  }
  if (!takesImport(user, change) || (await connectionId(run, connectionOf(user))) === undefined) {
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

/** After this many failed imports, a user is not imported again: what failed twice may fail forever. */
const importsOfOne = 2;

/** Waits for the file's job, and notes what it says of its users. */
async function finishFile(imports: Imports, file: FileInFlight): Promise<void> {
  const { run, files } = imports;
  const { jobId } = file;
  const result = jobId === undefined ? undefined : await resultOf(run, jobId, file);
  if (result === undefined) for (const user of file.users) run.ledger.setInFlight(inFlightWrite(user));
  const isDone = result?.ended === "completed";
  if (isDone) noteResult(run, file.users, result);
  const areDone = result === undefined || isDone || giveUp(run, file.users, result);
  run.ledger.flush("durably");
  files.done(file);
  if (!areDone) await pause(imports, "unknown");
  else if (result !== undefined) imports.failed = 0;
}

/** That an import is done is what Auth0 says; the next export shows it. */
function noteResult(run: BulkRun, users: readonly PackedUser[], { refused, isClear }: ImportResult): void {
  for (const user of users) {
    const { outcome } = user;
    const code = refused.get(outcome.user);
    if (code !== undefined) refuse(run, user, code);
    else if (isClear) run.ledger.setInFlight({ ...inFlightWrite(user), made: true });
    else {
      run.ledger.oneByOne(outcome.user);
      run.ledger.setInFlight(inFlightWrite(user));
    }
  }
}

/** What an import refuses of a profile may be nothing that we change, so a PATCH may do it. */
function refuse({ people, ledger }: BulkRun, { outcome, entryId }: PackedUser, code: string): void {
  people.journal.append({ at: people.now().toISOString(), failed: entryId, code });
  ledger.oneByOne(outcome.user);
}

/**
 * The job ended without doing all that it should, or is gone: it is unknown which users were changed.
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
    const failures = (ledger.inFlightOf(outcome.user)?.failures ?? 0) + 1;
    if (failures >= importsOfOne) ledger.oneByOne(outcome.user);
    else areLast = false;
    ledger.setInFlight({ ...inFlightWrite(user), failures });
  }
  return areLast;
}
