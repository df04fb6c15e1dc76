import { exportUsers } from "../../auth0/jobs.ts";
import type { User } from "../../auth0/user.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { createFingerprintTable } from "../../lib/fingerprint-table.ts";
import { createPoliteQueue } from "../../lib/polite-queue.ts";
import { parseUrl } from "../../lib/url.ts";
import { probePictureUrl } from "../image/probe-picture-url.ts";
import type { People } from "../people/people.ts";
import {
  outcomeOf,
  type BulkChange,
  type BulkOutcome,
  type FirstProblems,
  type LineProblem,
} from "./bulk-change.ts";
import type { BulkLimits } from "./bulk-run.ts";
import { changeOf, idleOutcome } from "./change-of.ts";
import { importFields, takesImport } from "./import-pack.ts";
import type { MadePlan } from "./make-plan.ts";
import { isMeant } from "./primary-ids.ts";

export interface Preview {
  readonly people: People;
  readonly plan: MadePlan;
  readonly limits: BulkLimits;
}

/** What would become of each line: by one export, or by a request for each user where they are few. */
export async function* previewFile(preview: Preview): AsyncGenerator<BulkOutcome> {
  const { people, plan, limits } = preview;
  if (plan.count <= limits.oneByOne) {
    for (const bulk of plan.changes()) {
      const user = await people.users.get(bulk.user);
      yield user === undefined ? outcomeOf(bulk, "gone") : previewUser(preview, bulk, user, false);
    }
    return;
  }
  const wanted = (userId: string) => plan.index.find(userId) !== undefined;
  for await (const user of exportUsers(people.access, { more: importFields, wanted })) {
    const slot = plan.index.find(user.user_id);
    if (slot === undefined) continue;
    plan.index.setState(slot, "settled");
    yield previewUser(preview, plan.changeAt(slot), user, limits.imports);
  }
  for (const bulk of plan.changes()) {
    if (plan.index.find(bulk.user)?.state === "open") yield outcomeOf(bulk, "gone");
  }
}

function previewUser({ people }: Preview, bulk: BulkChange, user: User, usesImports: boolean): BulkOutcome {
  if (!isMeant(bulk, user)) return outcomeOf(bulk, "gone");
  const found = changeOf(people, people.now(), bulk, user);
  const { change, before, after } = found;
  if (change === undefined) return idleOutcome(bulk, found);
  const via = usesImports && takesImport(user, change) ? "import" : "patch";
  return outcomeOf(bulk, "would-change", { via, before, after });
}

type Refusal = Pick<LineProblem, "code" | "message">;

const probeLimits = { atATime: 8, perHost: 2, waiting: 1000 };

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
  const queue = createPoliteQueue(probeLimits);
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
