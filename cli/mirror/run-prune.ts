import { exportUsers } from "../../auth0/jobs.ts";
import type { Environment } from "../../lib/environment.ts";
import { UsageError } from "../../lib/errors.ts";
import { createProgress } from "../../lib/progress.ts";
import { standardError } from "../../lib/terminal-output.ts";
import { terminalLines } from "../../lib/terminal-text.ts";
import { counted, grouped } from "../../lib/terminal.ts";
import type { CommandReport } from "../command.ts";
import { findDistribution, storeLocation } from "../people/own-files.ts";
import { openPeople, requireScope, type People } from "../people/people.ts";
import { invalidateCloudFront } from "../storage/invalidate-cloudfront.ts";
import { openCopyStore } from "./carry-out.ts";
import { readNumber, type MirrorOptions } from "./run-mirror.ts";
import { pruneCopies, type PruneCounts } from "./prune-copies.ts";

/** Longer than any token lives that applications keep, as far as Auth0's limits go. */
export const defaultOlderThan = 40;

/** `pictures mirror --prune`: says which copies nobody needs any more, or deletes them. */
export async function runPrune(options: MirrorOptions, env: Environment): Promise<CommandReport> {
  const olderThan =
    options.olderThan === undefined ? defaultOlderThan : readNumber("--older-than", options.olderThan, 0);
  const isPart = [options.users, options.connection, options.limit, options.maxAge].some(
    (each) => each !== undefined,
  );
  if (isPart) {
    const message =
      "--prune looks at all users of the tenant as they are now: leave out --users, --connection, --limit and --max-age.";
    throw new UsageError("prune-needs-all-users", message);
  }
  const people = await openPeople(options.stack, env);
  requireScope(people, ["read:users"], "mirror");
  const yes = options.yes === true;
  // Before anything is deleted: a distribution that is not known could not be told.
  const distributionId = yes ? await findDistribution(people) : undefined;
  const store = openCopyStore(people);
  try {
    const counts = await pruneCopies({
      users: exportUsers(people.access),
      store,
      olderThan,
      yes,
      now: people.now(),
      onDeleted: (keys) => forgetByNetwork(people, distributionId, keys),
      progress: createProgress(env, standardError),
    });
    return describePrune(people.stack, { counts, olderThan, yes });
  } finally {
    store.close();
  }
}

async function forgetByNetwork(
  people: People,
  distributionId: string | undefined,
  keys: readonly string[],
): Promise<void> {
  if (distributionId === undefined) return;
  const basePath = new URL(storeLocation(people).baseUrl).pathname.replace(/\/$/, "");
  const paths = keys.map((key) => `${basePath}/${key}`);
  await invalidateCloudFront(distributionId, paths, people.env);
}

function describePrune(
  stack: string,
  {
    counts,
    olderThan,
    yes,
  }: { readonly counts: PruneCounts; readonly olderThan: number; readonly yes: boolean },
): CommandReport {
  const { used, waiting, deleted } = counts;
  return {
    text: terminalLines([
      `${counted(used + waiting + deleted, "copy", "copies")}: ${grouped(used)} in use, ${grouped(deleted)} ${yes ? "deleted" : "would be deleted"}.`,
      ...(waiting === 0
        ? []
        : [
            `${grouped(waiting)} not in use: a run with --yes deletes them once it has been known for ${counted(olderThan, "day")}, since a token may still show them.`,
          ]),
      ...(yes ? [] : ["Nothing was changed: this was a dry run. Add --yes to do it."]),
    ]),
    json: { stack, dryRun: !yes, olderThan, copies: counts },
  };
}
