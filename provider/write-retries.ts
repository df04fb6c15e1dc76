import { ApiError } from "./api-error.ts";
import type { ManagementApi } from "./management-api.ts";
import { pausesMs } from "./send-with-retries.ts";

/** How often a write is begun whose answer is lost. */
const maxAttempts = 3;

/**
 * For a write that is made of a read: after its failure the caller reads anew, since others may have written meanwhile.
 *
 * @returns what a failure of the write is handed to. It is back when it is time for the next attempt: after the end of a
 *   rate limit, or at once where the answer was lost. Any other failure, or one too many, is thrown again.
 */
export function writeRetries({ pause }: Pick<ManagementApi, "pause">): (error: unknown) => Promise<void> {
  let lost = 0;
  let limited = 0;
  return async (error) => {
    if (!(error instanceof ApiError)) throw error;
    if (error.waitMs !== undefined) {
      const pauseMs = pausesMs[limited];
      if (pauseMs === undefined) throw error;
      limited += 1;
      await pause(Math.max(error.waitMs, pauseMs));
      return;
    }
    lost += 1;
    if (!error.isUncertain || lost === maxAttempts) throw error;
  };
}
