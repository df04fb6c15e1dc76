import type { User } from "../../auth0/user.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { createPoliteQueue } from "../../lib/polite-queue.ts";
import type { Progress } from "../../lib/progress.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import type { UserImage } from "../image/prepare-user-image.ts";
import type { BucketFiles } from "../storage/bucket-files.ts";
import { copyPlanOf, type CopyPlan } from "./copy-plan.ts";
import { hashSource, type FetchedSource } from "./fetch-source.ts";
import type { MirrorOutcome } from "./mirror-counts.ts";
import type { MirrorLedger } from "./mirror-ledger.ts";
import { notedCopyOf, type NotedCopy, type Selection } from "./noted-copy.ts";
import { hostOf } from "./preview-mirror.ts";
import type { CopyWriter } from "./write-copy.ts";

/** A run over all users. */
export interface MirrorRun {
  readonly settings: PictureSettings;
  readonly selection: Selection;
  readonly ledger: MirrorLedger;
  /** The bucket's files when the run began. */
  readonly files: Pick<BucketFiles, "isMissing">;
  /** As `fetchSource`. */
  readonly fetch: (plan: FetchPlan, known: string | undefined) => Promise<FetchedSource>;
  /** As `prepareUserImage`. */
  readonly prepare: (file: Buffer) => Promise<UserImage>;
  readonly writer: CopyWriter;
  readonly progress: Progress;
}

type WantedPlan = Exclude<CopyPlan, { readonly kind: "none" }>;
type FetchPlan = Extract<CopyPlan, { readonly kind: "fetch" }>;

/** Two requests at a time to a host; few enough users in memory that each may have a picture in base64 in the profile. */
const limits = { atATime: 16, perHost: 2, waiting: 200 };

/**
 * Copies the pictures of all users who want a copy and have none, or an old one. Memory does not grow with the users, but for ten
 * bytes for each in the ledger.
 *
 * @throws what `users` throws, or what ends the run: it can be continued.
 */
export async function mirrorUsers(run: MirrorRun, users: AsyncIterable<User>): Promise<void> {
  const { settings, selection, ledger, progress } = run;
  const queue = createPoliteQueue(limits);
  let wanted = 0;
  progress.phase("Copying pictures");
  try {
    for await (const user of users) {
      const plan = copyPlanOf(user, settings);
      const why = plan.kind === "none" ? plan.why : selection.passedOver(user);
      progress.advance();
      if (plan.kind === "none" || why !== undefined) {
        ledger.settle(user.user_id, { outcome: "skipped", why });
        continue;
      }
      wanted += 1;
      if (!ledger.isSettled(user.user_id)) await queue.add(hostOf(plan), taskOf(run, user, plan));
      if (wanted === selection.limit) break;
    }
  } finally {
    // Also where the reading failed: what is under way is noted first.
    await queue.idle();
  }
}

/** Only what the task needs of the user is kept until it is the host's turn. */
function taskOf(run: MirrorRun, user: User, plan: WantedPlan): () => Promise<void> {
  const noted = notedCopyOf(user, plan.of, run.settings);
  // A copy whose file is gone is made again, whatever the source says.
  const copy = noted !== undefined && !run.files.isMissing(noted.url) ? noted : undefined;
  const task = { userId: user.user_id, plan, copy, isNoted: noted !== undefined };
  return async () => {
    const outcome = await mirrorUser(run, task);
    run.ledger.settle(task.userId, { ...outcome, host: hostOf(plan) });
  };
}

interface UserTask {
  readonly userId: string;
  readonly plan: WantedPlan;
  /** The copy that is there. */
  readonly copy: NotedCopy | undefined;
  readonly isNoted: boolean;
}

async function mirrorUser(run: MirrorRun, task: UserTask): Promise<Omit<MirrorOutcome, "host">> {
  const { userId, plan, copy } = task;
  // The root picture is the source itself: its fingerprint has told that it is the same.
  if (plan.kind === "decode" && copy !== undefined) return { outcome: "unchanged" };
  const found = await sourceOf(run, plan, copy?.source);
  if (found.kind === "failed") return { outcome: "failed", why: found.code };
  if (found.kind === "unchanged") return { outcome: "unchanged" };
  const about = { userId, of: plan.of };
  if (found.kind === "none") {
    return task.isNoted
      ? run.writer.write({ ...about, image: undefined, source: "" })
      : { outcome: "skipped", why: "no-gravatar" };
  }
  const image = await preparedOf(run, found.content);
  if (typeof image === "string") return { outcome: "failed", why: image };
  return run.writer.write({ ...about, image, source: found.source });
}

function sourceOf(run: MirrorRun, plan: WantedPlan, known: string | undefined): Promise<FetchedSource> {
  if (plan.kind === "fetch") return run.fetch(plan, known);
  const content = Buffer.from(plan.base64, "base64");
  return Promise.resolve({ kind: "picture", content, source: hashSource(content) });
}

/** The error's code where it is no picture that could be shown. */
async function preparedOf({ prepare }: MirrorRun, content: Buffer): Promise<UserImage | string> {
  try {
    return await prepare(content);
  } catch (error) {
    if (error instanceof ExpectedError && error.code.startsWith("image-")) return error.code;
    throw error;
  }
}
