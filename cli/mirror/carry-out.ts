import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { patientTenantUsers } from "../../auth0/tenant-users.ts";
import type { User } from "../../auth0/user.ts";
import { systemClock } from "../../lib/clock.ts";
import { sha256 } from "../../lib/hash.ts";
import type { Progress } from "../../lib/progress.ts";
import { standardError } from "../../lib/terminal-output.ts";
import { claimFolder, runId, startOfRun, stateFailure } from "../bulk/bulk-folder.ts";
import type { ProbeNetwork } from "../image/public-network.ts";
import { storeLocation } from "../people/own-files.ts";
import { requireScope, type People } from "../people/people.ts";
import { stateFolder } from "../state-folder.ts";
import { s3Client } from "../storage/aws-clients.ts";
import { createCopyStore, type CopyStore } from "../storage/copy-store.ts";
import { withTenantLock } from "../tenant-lock.ts";
import { fetchSource } from "./fetch-source.ts";
import { createHostManners } from "./host-manners.ts";
import { noCounts, type MirrorCounts } from "./mirror-counts.ts";
import { dropOldRun, openMirrorLedger } from "./mirror-ledger.ts";
import { mirrorUsers } from "./mirror-users.ts";
import type { Selection } from "./noted-copy.ts";
import { createPreparer } from "./prepare-copies.ts";
import { createCopyWriter } from "./write-copy.ts";

export interface MirrorTask {
  readonly users: AsyncIterable<User>;
  readonly selection: Selection;
  readonly progress: Progress;
  /** Where pictures are fetched. */
  readonly network: ProbeNetwork;
  /** Stays open. */
  readonly store: CopyStore;
}

/** What a run that came to its end did. */
export interface MirrorResult extends MirrorCounts {
  /** For `pictures undo --run`. */
  readonly run: string;
}

/**
 * Copies pictures, and goes on where a run that was cut off ended.
 *
 * @throws ExpectedError `scope-missing`, `run-under-way`, `state-not-writable`, `picture-store-…`, `auth0-…` or what `users` throws: what was done so far is noted.
 */
export async function carryOut(opened: People, task: MirrorTask): Promise<MirrorResult> {
  requireScope(opened, ["update:users_app_metadata", "update:users"], "mirror");
  const people = { ...opened, users: patientTenantUsers(opened.access) };
  const parent = join(stateFolder(people.env), "mirror", people.access.domain);
  try {
    const release = claimFolder(parent);
    try {
      return await inFolder(people, task, join(parent, folderName(people)));
    } finally {
      release();
    }
  } catch (error) {
    throw stateFailure(parent, error);
  } finally {
    task.progress.clear();
  }
}

/** The stack's bucket, with the AWS credentials of the environment. */
export function openCopyStore({ config, env }: Pick<People, "config" | "env">): CopyStore {
  return createCopyStore(storeLocation({ config }), s3Client(config.awsRegion, env));
}

/** Whatever its options are, the next run is the rest of one that was cut off. */
function folderName({ access, stack }: People): string {
  return sha256(JSON.stringify([access.domain, stack])).slice(0, 20);
}

async function inFolder(
  people: People,
  { users, selection, progress, network, store }: MirrorTask,
  folder: string,
): Promise<MirrorResult> {
  dropOldRun(folder, people.now());
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const run = runId(folder, startOfRun(folder, people.now()));
  progress.phase("Listing files");
  const files = await store.files((count) => progress.advance(count));
  const counts = noCounts();
  const ledger = openMirrorLedger(folder, counts);
  const manners = createHostManners(systemClock);
  try {
    await mirrorUsers(
      {
        settings: people.settings,
        selection,
        ledger,
        files,
        fetch: (plan, known) => fetchSource(plan, known, { network, manners }),
        prepare: createPreparer(),
        writer: createCopyWriter({ people, store, ledger, run, inStretch: stretches(people, progress) }),
        progress,
      },
      users,
    );
  } finally {
    ledger.close();
  }
  const { copied: changed } = counts.counts;
  if (changed > 0) people.journal.append({ at: people.now().toISOString(), ended: run, changed });
  rmSync(folder, { recursive: true, force: true });
  return { ...counts, run };
}

function stretches(
  { config, env }: People,
  progress: Progress,
): (work: () => Promise<void>) => Promise<void> {
  const request = {
    command: "pictures mirror",
    env,
    wait: true,
    say: (...[text]: Parameters<typeof standardError.print>) => {
      progress.clear();
      standardError.print(text);
    },
  };
  return (work) => withTenantLock(config.auth0Domain, ["users"], request, work);
}
