import { exportUsers } from "../../auth0/jobs.ts";
import { primaryIdentity, type User } from "../../auth0/user.ts";
import { outcomeOf, type BulkChange } from "./bulk-change.ts";
import { importsAtOnce, type BulkRun } from "./bulk-run.ts";
import { changeOf, isMadeAnew, madeAnew, settledOutcome } from "./change-of.ts";
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

/** Finishes what an earlier process left in flight, even if no user remains to be imported. */
export async function finishLeftImports(run: BulkRun): Promise<Imports> {
  const imports: Imports = { run, files: filesInFlight(run.folder, run.id), failed: 0 };
  for (const file of imports.files.left()) await finishFile(imports, file);
  return imports;
}

/**
 * Brings the changes of everybody who takes an import to the tenant, in waves: an export, then the imports that Auth0 takes
 * at once. So what is written back was read right before, and who is in no import of the wave is not touched.
 */
export async function importWaves(imports: Imports): Promise<void> {
  const { run } = imports;
  for (let isLast = false; !isLast;) {
    const wave = await readPatiently(imports, () => readWave(run));
    run.ledger.flush("durably");
    const isDone = await importWave(imports, wave.packs);
    isLast = wave.isLast && isDone;
  }
  settleGone(run);
}

/** Whether every user of the packs has an outcome, or will be changed by PATCH. */
async function importWave(imports: Imports, packs: readonly Pack[]): Promise<boolean> {
  const started: FileInFlight[] = [];
  for (const pack of packs) {
    const file = await startFile(imports, pack);
    if (file !== undefined) started.push(file);
  }
  let done = started.length === packs.length;
  for (const file of started) done = (await finishFile(imports, file)) && done;
  return done;
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

function settleGone({ plan, ledger }: BulkRun): void {
  for (const change of plan.changes()) {
    const state = plan.index.find(change.user)?.state;
    if (state === "open" || state === "sent") ledger.settle(outcomeOf(change, "gone"));
  }
}

/** Users who were read a moment ago, as many as Auth0 imports at once. */
interface Wave {
  readonly packs: readonly Pack[];
  /** Whether everybody was seen: who is still open then does not exist. */
  readonly isLast: boolean;
}

/** Reads an export until the packs are full. Users without need of an import are settled, or marked for a PATCH. */
async function readWave(run: BulkRun): Promise<Wave> {
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

/** After this many failed imports, a user is not imported again: what failed twice may fail forever. */
const importsOfOne = 2;

/** Waits for the file's job, and settles its users. False where they have to be looked at again. */
async function finishFile(imports: Imports, file: FileInFlight): Promise<boolean> {
  const { run, files } = imports;
  const { jobId } = file;
  const result = jobId === undefined ? undefined : await resultOf(run, jobId, file);
  if (result === undefined) for (const user of file.users) run.ledger.setInFlight(inFlightWrite(user));
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
