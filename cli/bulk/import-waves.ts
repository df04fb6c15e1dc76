import type { BulkRun } from "./bulk-run.ts";
import { outcomeOf } from "./bulk-outcome.ts";
import { filesInFlight, type FileInFlight } from "./files-in-flight.ts";
import { finishFile } from "./finish-file.ts";
import { sendFile } from "./import-file.ts";
import { doubtOf, type Pack, type PackedUser } from "./import-pack.ts";
import { pause, readPatiently, type Imports } from "./imports.ts";
import { readWave } from "./read-wave.ts";

/** What an earlier process left in flight gets its end: also where nobody is to be imported any more. */
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
  if (sent.kind === "unknown") for (const user of pack.users) run.ledger.doubt(doubtOf(user));
  else noteNotTaken(run, pack, sent.kind);
  if (sent.kind === "refused") refuseConnection(run, pack.connection, sent.why);
  if (sent.kind === "too-large") refusePack(run, pack);
  run.ledger.flush("durably");
  files.done(file);
  if (sent.kind === "busy") await pause(imports, "busy", { waitMs: sent.waitMs });
  if (sent.kind === "unknown") await pause(imports, "unknown");
  return undefined;
}

/** The journal says that nothing came of it; an entry of an earlier import, of which nobody knows that, stays. */
function noteNotTaken({ people, ledger }: BulkRun, { users }: Pack, code: string): void {
  const at = people.now().toISOString();
  const isNew = ({ outcome, entryId }: PackedUser) => ledger.doubtOf(outcome.user)?.entryId !== entryId;
  people.journal.append(
    ...users.filter(isNew).map(({ entryId }) => ({ at, failed: entryId, code: `import-${code}` })),
  );
}

/** Its users go one by one from now on. */
function refuseConnection({ connections, notes }: BulkRun, name: string, why: string): void {
  connections.set(name, undefined);
  notes.push(`Connection ${name} takes no import, so its users were written one by one. ${why}`);
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
