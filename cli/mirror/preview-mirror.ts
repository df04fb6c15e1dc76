import type { User } from "../../auth0/user.ts";
import type { Progress } from "../../lib/progress.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { copyPlanOf, type CopyPlan } from "./copy-plan.ts";
import { base64Host, countOutcome, noCounts, type MirrorCounts } from "./mirror-counts.ts";
import { notedCopyOf, type Selection } from "./noted-copy.ts";

export interface PreviewTask {
  readonly users: AsyncIterable<User>;
  /** How much of the users is read, from 0 to 1, where that is known. */
  readonly share?: (() => number | undefined) | undefined;
  readonly settings: PictureSettings;
  readonly selection: Selection;
  readonly progress: Progress;
}

/** How many users there are between two guesses of how many there will be. */
const guessEvery = 1000;

/** What a run would do to these users, as far as their profiles say. Nobody is asked. Memory does not grow with them. */
export async function previewMirror(task: PreviewTask): Promise<MirrorCounts> {
  const { users, share, settings, selection, progress } = task;
  const found = noCounts();
  let read = 0;
  let wanted = 0;
  progress.phase("Reading users");
  for await (const user of users) {
    read += 1;
    progress.advance();
    if (read % guessEvery === 0) progress.expect(guessedTotal(read, share?.()));
    const plan = copyPlanOf(user, settings);
    const why = plan.kind === "none" ? plan.why : selection.passedOver(user);
    if (plan.kind === "none" || why !== undefined) {
      countOutcome(found, { outcome: "skipped", why });
      continue;
    }
    wanted += 1;
    const isNoted = notedCopyOf(user, plan.of, settings) !== undefined;
    countOutcome(found, { outcome: isNoted ? "unchanged" : "copied", host: hostOf(plan) });
    if (wanted === selection.limit) break;
  }
  progress.clear();
  return found;
}

/** Who is asked for it. */
export function hostOf(plan: Exclude<CopyPlan, { readonly kind: "none" }>): string {
  return plan.kind === "fetch" ? plan.host : base64Host;
}

function guessedTotal(done: number, share: number | undefined): number | undefined {
  return share === undefined || share === 0 ? undefined : Math.round(done / share);
}
