import { ExpectedError } from "../../infra/expected-error.ts";
import { parseUrl } from "../../policy/picture-url.ts";
import { createFingerprintTable } from "../fingerprint-table.ts";
import { createPoliteQueue } from "../probe/polite-queue.ts";
import { probePictureUrl } from "../probe/probe-picture-url.ts";
import type { LineProblem } from "./bulk-change.ts";
import type { FirstProblems } from "./first-problems.ts";
import type { MadePlan } from "./make-plan.ts";

type Refusal = Pick<LineProblem, "code" | "message">;

const politeness = { atATime: 8, perHost: 2, waiting: 1000 };

/** Refusals are kept as text, unlike what is fine: addresses beyond are asked again where they are repeated. */
const mostRefusals = 10_000;

/**
 * Looks whether there is a picture at each address that is to be set: two of one host at a time, and each once, however
 * many lines have it.
 */
export async function probePlan(
  plan: Pick<MadePlan, "changes">,
  problems: FirstProblems,
  probe: (url: string) => Promise<unknown> = probePictureUrl,
): Promise<void> {
  const queue = createPoliteQueue(politeness);
  const refusalAt = askedOnce(probe);
  for (const { line, url } of plan.changes()) {
    if (url === undefined) continue;
    await queue.add(parseUrl(url)?.host ?? "", async () => {
      const refusal = await refusalAt(url);
      if (refusal !== undefined) problems.add({ line, ...refusal });
    });
  }
  await queue.idle();
}

function askedOnce(probe: (url: string) => Promise<unknown>): (url: string) => Promise<Refusal | undefined> {
  const fine = createFingerprintTable();
  const refusals = new Map<string, Refusal>();
  const underWay = new Map<string, Promise<Refusal | undefined>>();
  const ask = async (url: string): Promise<Refusal | undefined> => {
    try {
      const refusal = await refusalOf(url, probe);
      if (refusal === undefined) fine.set(url, 1);
      else if (refusals.size < mostRefusals) refusals.set(url, refusal);
      return refusal;
    } finally {
      underWay.delete(url);
    }
  };
  return async (url) => {
    if (fine.get(url) !== undefined) return undefined;
    const known = refusals.get(url);
    if (known !== undefined) return known;
    const running = underWay.get(url) ?? ask(url);
    underWay.set(url, running);
    return running;
  };
}

async function refusalOf(
  url: string,
  probe: (url: string) => Promise<unknown>,
): Promise<Refusal | undefined> {
  try {
    await probe(url);
    return undefined;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { code: error.code, message: error.message };
  }
}
