import { setTimeout as sleep } from "node:timers/promises";
import type { Management, ManagementClient } from "auth0";
import { ExpectedError } from "../../infra/expected-error.ts";

/** How long jobs of one kind take, as far as is known: each look at a job is a request. */
export interface JobPace {
  expectedMs: number | undefined;
}

export function jobPace(): JobPace {
  return { expectedMs: undefined };
}

/** Milliseconds between two looks at a job. */
const looks = { shortest: 250, longest: 8000 };

/** Auth0 deletes jobs after a day; one over a million users takes minutes. */
const giveUpAfterMs = 2 * 60 * 60_000;

/**
 * The job when it ended, well or not; undefined where Auth0 does not have it.
 *
 * @throws ExpectedError `job-too-slow`, and the SDK's own errors.
 */
export async function waitForJob(
  { jobs }: Pick<ManagementClient, "jobs">,
  id: string,
  pace: JobPace,
): Promise<Management.GetJobResponseContent | undefined> {
  const start = Date.now();
  const { expectedMs = looks.shortest } = pace;
  let waitMs = expectedMs;
  for (let looked = 1; Date.now() - start < giveUpAfterMs; looked += 1) {
    await sleep(waitMs);
    const job = await jobs.get(id).catch((error: unknown) => {
      if ((Object(error) as { statusCode?: unknown }).statusCode === 404) return undefined;
      throw error;
    });
    if (job === undefined || job.status === "completed" || job.status === "failed") {
      learn(pace, Date.now() - start, looked);
      return job;
    }
    waitMs = Math.min(Math.max(looks.shortest * 2 ** (looked - 1), expectedMs / 8), looks.longest);
  }
  throw new ExpectedError("job-too-slow", `Auth0's job ${id} did not end within two hours. Try again later.`);
}

/** One that had ended at the first look may have ended long before it. */
function learn(pace: JobPace, tookMs: number, looked: number): void {
  pace.expectedMs = Math.max(looked === 1 ? tookMs * 0.95 : tookMs, looks.shortest);
}
