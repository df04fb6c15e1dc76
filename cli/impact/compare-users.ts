import { availableParallelism } from "node:os";
import { join } from "node:path";
import { stop } from "esbuild";
import type { UserSource } from "../../auth0/users-file.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { buildChildScript } from "../../sandbox/isolation.ts";
import type { BatchAnswer, BatchCounts, ChildSetup, TimeLimit } from "./child/messages.ts";
import { createBufferPool, lineBatches } from "./line-batches.ts";
import { startWorker, type Worker } from "./start-worker.ts";

export interface CompareOptions {
  readonly setup: ChildSetup;
  readonly users: Pick<UserSource, "bytes" | "fault">;
  /** How many processes; by default one for each core. */
  readonly processes?: number;
  /** How long a process may say nothing, in milliseconds; by default two minutes. */
  readonly silenceMs?: number;
  /** Called for each batch, in the order of the file. */
  readonly onBatch: (counts: BatchCounts) => void;
}

/** How many batches each process has: one that it works on and one that waits, so that it never does. */
const batchesEach = 2;

/**
 * Runs both flows for every user, in one process for each core. Memory does not depend on how many users there are.
 *
 * @throws ExpectedError `impact-broke`, `impact-logins-hang`, what `users` throws, or its error for the first line that is no
 *   user.
 */
export async function compareUsers(options: CompareOptions): Promise<void> {
  const { setup, users, processes = availableParallelism() } = options;
  const script = await childProgram();
  const workers = Array.from({ length: processes }, () => startWorker(script, setup, options.silenceMs));
  const order = createOrder(options);
  const pool = createBufferPool();
  const free = workers.flatMap((worker) => Array.from({ length: batchesEach }, () => worker));
  const idle = createIdle(free);
  const underWay = new Set<Promise<void>>();
  try {
    let index = 0;
    for await (const batch of lineBatches(users.bytes, pool)) {
      const worker = await idle.take();
      if (order.isBroken()) break;
      const done = compareBatch(worker, index++, batch);
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
    await Promise.all(workers.map((worker) => worker.stop()));
  }

  async function compareBatch(
    worker: Worker,
    index: number,
    batch: Parameters<Worker["compare"]>[0],
  ): Promise<void> {
    try {
      order.add(index, await worker.compare(batch));
    } catch (error) {
      order.add(index, error as Error);
    } finally {
      pool.giveBack(batch.buffer);
      idle.giveBack(worker);
    }
  }
}

/** A worker that can take one more batch. */
function createIdle(free: Worker[]): { take: () => Promise<Worker>; giveBack: (worker: Worker) => void } {
  const waiting: ((worker: Worker) => void)[] = [];
  return {
    take: () => {
      // The one that has waited longest: the work is spread over all.
      const worker = free.shift();
      return worker ? Promise.resolve(worker) : new Promise((resolve) => waiting.push(resolve));
    },
    giveBack: (worker) => {
      const next = waiting.shift();
      if (next) next(worker);
      else free.push(worker);
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

let built: string | undefined;

/**
 * The program of the processes that compare, built at the first call. Afterwards nothing is left of the builder: its thread
 * and its process would take as much memory as another process that compares.
 */
async function childProgram(): Promise<string> {
  built ??= buildChildScript(join(__dirname, "child", "main.ts"));
  await stop();
  return built;
}
