import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { stop } from "esbuild";
import type { UserSource } from "../../auth0/users-file.ts";
import { ExpectedError } from "../../lib/errors.ts";
import type { TimeLimit } from "../../sandbox/frames.ts";
import { createBatchCounter } from "./compare-batch.ts";
import type { BatchAnswer, BatchCounts, ComparisonSetup } from "./comparison.ts";
import type { FlowPair } from "./flow-pair.ts";
import { createBufferPool, lineBatches, type LineBatch } from "./line-batches.ts";
import { keepShard } from "./shard-lines.ts";

export interface CompareOptions {
  readonly setup: ComparisonSetup;
  readonly users: Pick<UserSource, "bytes" | "fault">;
  /** What runs the flows. They are stopped in the end. */
  readonly pairs: readonly FlowPair[];
  /** Called for each batch, in the order of the file. */
  readonly onBatch: (counts: BatchCounts) => void;
}

/** How many batches each pair has: those that wait fill the pipes, so that neither of its processes does. */
const batchesEach = 8;

/**
 * Runs both flows for every user, each in a process of its own. Memory does not depend on how many users there are.
 *
 * @throws ExpectedError `impact-broke`, `impact-logins-hang`, what `users` throws, or its error for the first line that is no
 *   user.
 */
export async function compareUsers(options: CompareOptions): Promise<void> {
  const { setup, users, pairs } = options;
  // Memory is what is short where users are many: rubbish is looked for before it has doubled the heap.
  setFlagsFromString("--heap-growing-percent=20");
  // The builder's thread and process take as much memory as one that runs a flow.
  await stop();
  const count = createBatchCounter(setup);
  const order = createOrder(options);
  const pool = createBufferPool();
  const idle = createIdle(pairs.flatMap((pair) => Array.from({ length: batchesEach }, () => pair)));
  const underWay = new Set<Promise<void>>();
  try {
    let index = 0;
    const bound = createYoungBound();
    for await (const lines of lineBatches(users.bytes, pool)) {
      bound();
      const pair = await idle.take();
      if (order.isBroken()) break;
      if (setup.shard !== undefined) keepShard(lines, setup.shard);
      const place = index++;
      const done = answerTo(pair, lines).then((answer) => {
        pool.giveBack(lines.buffer);
        order.add(place, answer);
        idle.giveBack(pair);
      });
      underWay.add(done);
      void done.finally(() => underWay.delete(done));
    }
    await Promise.all(underWay);
    order.end();
  } catch (error) {
    // A line before the one that the source stopped at may be no user either: the first one is told.
    await Promise.all(underWay);
    order.end();
    throw error;
  } finally {
    await Promise.all(pairs.map((pair) => pair.stop()));
  }

  /** Never rejects: the first failure in the file's order is told. */
  async function answerTo(pair: FlowPair, lines: LineBatch): Promise<BatchAnswer | Error> {
    try {
      const outcomes = await pair.run(lines.buffer.subarray(0, lines.length));
      return "hanging" in outcomes ? outcomes : count(lines, outcomes);
    } catch (error) {
      return error as Error;
    }
  }
}

/** Where new objects are: more than this makes no run faster, and Node would let it grow to 32 MB, newer versions to 128 MB. */
const mostYoungBytes = 8 * 1024 * 1024;

/** To be called again and again: it keeps the room for new objects from growing once it is this large. */
function createYoungBound(): () => void {
  let isBound = false;
  return () => {
    if (isBound) return;
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
    isBound = (young?.space_size ?? 0) >= mostYoungBytes;
    if (isBound) setFlagsFromString("--semi-space-growth-factor=1");
  };
}

/** Pairs that can take one more batch. */
function createIdle(free: FlowPair[]): { take: () => Promise<FlowPair>; giveBack: (pair: FlowPair) => void } {
  const waiting: ((pair: FlowPair) => void)[] = [];
  return {
    take: () => {
      // The one that has waited longest: the work is spread over all.
      const pair = free.shift();
      return pair ? Promise.resolve(pair) : new Promise((resolve) => waiting.push(resolve));
    },
    giveBack: (pair) => {
      const next = waiting.shift();
      if (next) next(pair);
      else free.push(pair);
    },
  };
}

/** Puts answers back into the order of the file, so that line numbers and lists come out the same in each run. */
function createOrder({ users, onBatch }: Pick<CompareOptions, "users" | "onBatch">) {
  const early = new Map<number, BatchAnswer | Error>();
  let next = 0;
  let lines = 0;
  let failure: Error | undefined;
  let broken = false;
  const takeNext = (answer: BatchAnswer | Error): void => {
    if (failure !== undefined) return;
    if (answer instanceof Error) failure = described(answer, lines);
    else if ("hanging" in answer) failure = described(hangingLogins(answer.hanging), lines);
    else if ("brokenLine" in answer) failure = users.fault(lines + answer.brokenLine, answer.why);
    else {
      lines += answer.lines;
      try {
        onBatch(answer);
      } catch (error) {
        failure = error as Error;
        broken = true;
      }
    }
  };
  return {
    add: (index: number, answer: BatchAnswer | Error) => {
      broken ||= answer instanceof Error || !("lines" in answer);
      early.set(index, answer);
      for (let found = early.get(next); found !== undefined; found = early.get(next)) {
        early.delete(next);
        next += 1;
        takeNext(found);
      }
    },
    isBroken: () => broken,
    end: () => {
      if (failure !== undefined) throw failure;
    },
  };
}

function hangingLogins({ seconds, logins }: TimeLimit): ExpectedError {
  const message = `more than ${logins} logins did not end within ${seconds} seconds`;
  return new ExpectedError("impact-logins-hang", message);
}

function described(error: Error, linesBefore: number): Error {
  if (!(error instanceof ExpectedError)) return error;
  const message = `At one of the users after line ${linesBefore}, ${error.message}. Nothing was deployed.`;
  return new ExpectedError(error.code, message, { cause: error });
}
