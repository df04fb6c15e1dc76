import { setTimeout as sleep } from "node:timers/promises";
import { ExpectedError } from "../../infra/expected-error.ts";
import { mayPass } from "../management/patiently.ts";
import { exportUsers } from "../people/export-users.ts";
import { textAt } from "../people/user.ts";
import { outcomeOf } from "./bulk-outcome.ts";
import type { BulkRun } from "./bulk-run.ts";
import { filesInFlight, type FileInFlight, type FilesInFlight } from "./files-in-flight.ts";
import { importsKeepFailing, resultOf, sendFile, type ImportResult } from "./import-file.ts";
import { importFields, type Pack, type PackedUser } from "./import-pack.ts";
import { readWave, type Wave } from "./read-wave.ts";

/** Imports in a row of which none is known to have worked. */
const failuresInARow = 6;

/** A run's imports at work. */
interface Imports {
  readonly run: BulkRun;
  readonly files: FilesInFlight;
  /** Of the latest files, how many in a row came to nothing. */
  failed: number;
}

/**
 * Brings the changes of everybody who takes an import to the tenant, in waves: an export, then the imports that Auth0 takes
 * at once. So what is written back was read right before, and who is in no import of the wave is not touched.
 */
export async function importWaves(run: BulkRun): Promise<void> {
  const imports: Imports = { run, files: filesInFlight(run.folder, run.id), failed: 0 };
  for (const file of imports.files.left()) await finishFile(imports, file);
  for (let isLast = false; !isLast;) {
    const wave = await readPatiently(imports);
    run.ledger.flush("durably");
    const isDone = await importWave(imports, wave.packs);
    isLast = wave.isLast && isDone;
  }
  settleGone(run);
}

/** An export that breaks off has changed nothing. */
async function readPatiently(imports: Imports): Promise<Wave> {
  for (;;) {
    try {
      return await readWave(imports.run);
    } catch (error) {
      const isBroken = error instanceof ExpectedError && error.code === "export-failed";
      if (!isBroken && !mayPass(error)) throw error;
      await pause(imports, "unknown");
    }
  }
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
  if (sent.kind === "refused") refuseConnection(run, pack.connection, sent.why);
  if (sent.kind === "unknown") doubt(run, file);
  files.done(file);
  if (sent.kind !== "refused") await pause(imports, sent.kind);
  return undefined;
}

/** Its users go one by one from now on. */
function refuseConnection({ connections, notes }: BulkRun, name: string, why: string): void {
  connections.set(name, undefined);
  notes.push(`Connection ${name} takes no import, so its users were written one by one. ${why}`);
}

/** False where the file's users have to be looked at again. */
async function finishFile(imports: Imports, file: FileInFlight): Promise<boolean> {
  const { run, files } = imports;
  const result = file.jobId === undefined ? undefined : await resultOf(run, file.jobId);
  if (result === undefined) doubt(run, file);
  else await settle(run, file.users, result);
  run.ledger.flush("durably");
  files.done(file);
  if (result !== undefined) imports.failed = 0;
  else if (file.jobId !== undefined) await pause(imports, "unknown");
  return result !== undefined;
}

function doubt({ ledger }: BulkRun, { users }: FileInFlight): void {
  for (const { outcome } of users) ledger.doubt(outcome.user);
  ledger.flush("durably");
}

async function settle(run: BulkRun, users: readonly PackedUser[], result: ImportResult): Promise<void> {
  const madeAnew = result.inserted > 0 ? await usersMadeAnew(run, users) : new Set<string>();
  for (const { outcome, entryId } of users) {
    const code = result.refused.get(outcome.user.slice("auth0|".length));
    if (code !== undefined) {
      run.people.journal.append({ at: run.people.now().toISOString(), failed: entryId, code });
    }
    if (code !== undefined || !result.isClear) {
      // What an import refuses of a profile may be nothing that we change.
      const slot = run.plan.index.find(outcome.user);
      if (slot !== undefined) run.plan.index.setState(slot, "one-by-one");
    } else if (madeAnew.has(outcome.user)) {
      run.ledger.settle(outcomeOf(outcome, "failed", madeAnewFailure));
    } else {
      run.ledger.settle(outcome);
    }
  }
}

const madeAnewFailure = {
  via: "import",
  code: "made-anew",
  message:
    "Somebody deleted this user between the export and the import, which made an empty one: delete it again.",
} as const;

/** Those of the users who are younger than what was read before. */
async function usersMadeAnew(run: BulkRun, users: readonly PackedUser[]): Promise<Set<string>> {
  const createdAt = new Map(users.map((user) => [user.outcome.user, user.createdAt]));
  const found = new Set<string>();
  const wanted = (userId: string) => createdAt.has(userId);
  for await (const user of exportUsers(run.people.access, {
    more: importFields,
    pace: run.pace.exports,
    wanted,
  })) {
    const id = user.user_id;
    if (createdAt.get(id) !== textAt(user, "created_at")) found.add(id);
  }
  return found;
}

/** Other people's imports and limits pass; what fails again and again is left to a later run. */
async function pause(imports: Imports, why: "busy" | "unknown"): Promise<void> {
  imports.failed += why === "unknown" ? 1 : 0.25;
  if (imports.failed >= failuresInARow) throw importsKeepFailing();
  await sleep(Math.min(1000 * 2 ** imports.failed, 30_000));
}

function settleGone({ plan, ledger }: BulkRun): void {
  for (const change of plan.changes()) {
    const state = plan.index.find(change.user)?.state;
    if (state === "open" || state === "sent") ledger.settle(outcomeOf(change, "gone"));
  }
}
