import { ExpectedError } from "../../infra/expected-error.ts";
import { failed, type DiscourseResult } from "./discourse-result.ts";

/** Makes a server fault that a request met the result of its user, so that the others go on. */
export async function failedRequests(
  user: { readonly userId: string },
  run: () => Promise<DiscourseResult>,
): Promise<DiscourseResult> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ExpectedError && error.code === "discourse-error") {
      return failed({ userId: user.userId }, "discourse-error", error.message);
    }
    throw error;
  }
}
