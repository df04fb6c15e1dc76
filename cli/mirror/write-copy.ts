import { statusOfFailure } from "../../auth0/management-client.ts";
import { textAt, type User } from "../../auth0/user.ts";
import { ExpectedError } from "../../lib/errors.ts";
import type { UserImage } from "../image/prepare-user-image.ts";
import { recordedFolder } from "../people/own-files.ts";
import type { People } from "../people/people.ts";
import { writeChange } from "../people/write-change.ts";
import type { CopyStore } from "../storage/copy-store.ts";
import { newFolder } from "../storage/picture-store.ts";
import { copyPlanOf } from "./copy-plan.ts";
import type { MirrorOutcome } from "./mirror-counts.ts";
import type { MirrorLedger } from "./mirror-ledger.ts";
import { notedCopyOf } from "./noted-copy.ts";

/** A picture that is ready to be stored. */
export interface ReadyCopy {
  readonly userId: string;
  /** The fingerprint of the root picture that it was made of. */
  readonly of: string;
  /** Undefined to note that there is none any more. */
  readonly image: UserImage | undefined;
  /** For `picture_copy.source`. */
  readonly source: string;
}

export interface CopyWriter {
  /** Stores the copy and notes it at the user. @throws what ends the run. */
  readonly write: (copy: ReadyCopy) => Promise<Omit<MirrorOutcome, "host">>;
}

export interface WriterTask {
  /** With users that wait as long as Auth0's rate limit asks for. */
  readonly people: People;
  readonly store: CopyStore;
  readonly ledger: Pick<MirrorLedger, "noteFolder" | "folderOf">;
  /** What all of the run's entries in the journal have in common. */
  readonly run: string;
  /** Does a part of the run while no other command on this machine changes users. */
  readonly inStretch: (work: () => Promise<void>) => Promise<void>;
}

/** Well below the rate that Auth0 gives the smallest tenants, and a few seconds of work: others wait for no more. */
const limits = { atOnce: 2, inOneStretch: 20 };

interface Waiting {
  readonly copy: ReadyCopy;
  readonly done: (outcome: Omit<MirrorOutcome, "host">) => void;
  readonly failed: (error: unknown) => void;
}

/** Writes copies in stretches: what is ready meanwhile waits for the next one. */
export function createCopyWriter(task: WriterTask): CopyWriter {
  const waiting: Waiting[] = [];
  let isWriting = false;
  const writeWaiting = async () => {
    if (isWriting) return;
    isWriting = true;
    while (waiting.length > 0) await writePart(task, waiting.splice(0, limits.inOneStretch));
    isWriting = false;
  };
  return {
    write: (copy) =>
      new Promise((done, failed) => {
        waiting.push({ copy, done, failed });
        void writeWaiting();
      }),
  };
}

/** Never rejects: each copy's own promise tells. */
async function writePart(task: WriterTask, part: readonly Waiting[]): Promise<void> {
  const rest = [...part];
  try {
    await task.inStretch(async () => {
      await Promise.all(Array.from({ length: limits.atOnce }, () => writeEach(task, rest)));
    });
  } catch (error) {
    for (const { failed } of part) failed(error);
  }
}

async function writeEach(task: WriterTask, rest: Waiting[]): Promise<void> {
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    await writeCopy(task, next.copy).then(next.done, next.failed);
  }
}

async function writeCopy(task: WriterTask, copy: ReadyCopy): Promise<Omit<MirrorOutcome, "host">> {
  try {
    const user = await task.people.users.get(copy.userId);
    if (user === undefined) return { outcome: "skipped", why: "gone" };
    return await (copy.image === undefined
      ? takeAway(task, user, copy)
      : storeCopy(task, user, { ...copy, image: copy.image }));
  } catch (error) {
    return failureOf(error);
  }
}

async function storeCopy(
  task: WriterTask,
  user: User,
  { of, image, source }: ReadyCopy & { readonly image: UserImage },
): Promise<Omit<MirrorOutcome, "host">> {
  const { people, store, ledger } = task;
  const plan = copyPlanOf(user, people.settings);
  // The user, a moderator or a login changed it meanwhile: the next run sees to that.
  if (plan.kind === "none" || plan.of !== of) return { outcome: "skipped", why: "changed-meanwhile" };
  const folder = folderOf(task, user);
  const { url } = store.locate(image, folder);
  const isNoted = notedCopyOf(user, of, people.settings)?.url === url;
  if (!isNoted && recordedFolder(user) !== folder) ledger.noteFolder(user.user_id, folder);
  await store.put(image, folder);
  // Where users come from an older file, or the run was killed right after the write.
  if (isNoted) return { outcome: "unchanged" };
  await note(task, user, { of, url, at: people.now().toISOString(), source });
  return { outcome: "copied" };
}

/** Where all copies of the user lie, which forget and a purge find: they know both places. */
function folderOf({ store, ledger }: WriterTask, user: User): string {
  return (
    store.folderOf(textAt(user, "app_metadata", "picture_copy", "url")) ??
    recordedFolder(user) ??
    ledger.folderOf(user.user_id) ??
    newFolder()
  );
}

/** Whoever deletes a Gravatar does not want it to be shown. The file is left to `--prune`: tokens may still show it. */
async function takeAway(
  task: WriterTask,
  user: User,
  { of }: ReadyCopy,
): Promise<Omit<MirrorOutcome, "host">> {
  if (notedCopyOf(user, of, task.people.settings) !== undefined) await note(task, user, null);
  return { outcome: "skipped", why: "no-gravatar" };
}

async function note({ people, run }: WriterTask, user: User, copy: object | null): Promise<void> {
  const change = { "app_metadata.picture_copy": copy };
  await writeChange(people, user, { command: "mirror", change, run, trustsAnswer: true });
}

/** @throws `error` where it is not about this one user: it ends the run, which can be continued. */
function failureOf(error: unknown): Omit<MirrorOutcome, "host"> {
  if (!(error instanceof ExpectedError)) throw error;
  if (error.code === "user-not-found") return { outcome: "skipped", why: "gone" };
  if (![400, 409].includes(statusOfFailure(error) ?? 0)) throw error;
  return { outcome: "failed", why: error.code };
}
