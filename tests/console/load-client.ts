/** The queue of the console as a process of its own, to see its memory: takes the first page, the next ones, and everybody. */
import { requestAccess } from "../../auth0/management-token.ts";
import { findingSource } from "../../cli/console/queue/find-own-pictures.ts";
import { openReviewQueue } from "../../cli/console/queue/review-queue.ts";
import { keepHeapSmall } from "../../cli/small-heap.ts";
import { sha256 } from "../../lib/hash.ts";

/** What the client saw; printed as JSON. */
export interface LoadFigures {
  readonly firstMs: number;
  /** The slowest of ten pages after the first, each asked for half a second after the one before. */
  readonly nextMs: number;
  readonly walkMs: number;
  readonly users: number;
  /** The hash of all ids in the order in which they were given. */
  readonly order: string;
  readonly way: string;
  readonly exportReason: string | undefined;
}

const pageSize = 24;

async function main(): Promise<void> {
  // As a command that sees many users does.
  keepHeapSmall();
  const {
    LOAD_DOMAIN: domain = "",
    LOAD_CLIENT_ID: clientId = "",
    LOAD_CLIENT_SECRET: clientSecret = "",
  } = process.env;
  const access = await requestAccess({ domain, clientAuth: { clientId, clientSecret } });
  const queue = openReviewQueue(findingSource(access));
  const timed = async (from: number) => {
    const start = performance.now();
    const page = await queue.take(from, pageSize);
    return { ...page, ms: performance.now() - start };
  };
  const { ms: firstMs } = await timed(0);
  let nextMs = 0;
  for (let page = 1; page <= 10; page += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    nextMs = Math.max(nextMs, (await timed(page * pageSize)).ms);
  }
  const start = performance.now();
  const ids: string[] = [];
  for (let from = 0, isEnd = false; !isEnd; from += pageSize) {
    const page = await timed(from);
    ids.push(...page.users.map(({ user_id: id }) => id));
    ({ isEnd } = page);
  }
  const { way, exportReason } = queue.status().finding;
  const figures: LoadFigures = {
    firstMs,
    nextMs,
    walkMs: performance.now() - start,
    users: ids.length,
    order: sha256(ids.join("\n")),
    way,
    exportReason,
  };
  process.stdout.write(JSON.stringify(figures));
}

void main();
