import { ExpectedError } from "../../infra/expected-error.ts";
import { mapConcurrently } from "../discourse/map-concurrently.ts";
import { probePictureUrl } from "../probe/probe-picture-url.ts";
import type { BulkChange, LineProblem } from "./bulk-change.ts";
import type { FirstProblems } from "./first-problems.ts";
import type { MadePlan } from "./make-plan.ts";

const atOnce = 8;

/** Looks whether there is a picture at each address that is to be set. */
export async function probePlan(
  plan: Pick<MadePlan, "changes">,
  problems: FirstProblems,
  probe: (url: string) => Promise<unknown> = probePictureUrl,
): Promise<void> {
  const look = async ({ line, url }: BulkChange): Promise<LineProblem | undefined> => {
    if (url === undefined) return undefined;
    try {
      await probe(url);
      return undefined;
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      return { line, code: error.code, message: error.message };
    }
  };
  for await (const problem of mapConcurrently(plan.changes(), atOnce, look)) {
    if (problem !== undefined) problems.add(problem);
  }
}
