import { setTimeout } from "node:timers/promises";

/** Runs a few tasks at a time, and even fewer of one host. */
export interface PoliteQueue {
  /** Waits for room, then takes the task, and does not wait for its end. Rejects with a task's error, as idle does. */
  readonly add: (host: string, task: () => Promise<void>) => Promise<void>;
  /** Waits for the end of all tasks. */
  readonly idle: () => Promise<void>;
}

export interface ConcurrencyLimits {
  readonly atATime: number;
  readonly perHost: number;
  /** How many tasks may wait for their host, so that one slow host does not hold up the others at once. */
  readonly waiting: number;
}

interface Task {
  readonly host: string;
  readonly run: () => Promise<void>;
}

export function createPoliteQueue({ atATime, perHost, waiting }: ConcurrencyLimits): PoliteQueue {
  const queue: Task[] = [];
  const running = new Map<string, number>();
  let underWay = 0;
  let failure: { readonly error: unknown } | undefined;
  let wake: () => void = () => undefined;

  const start = ({ host, run }: Task) => {
    underWay += 1;
    running.set(host, (running.get(host) ?? 0) + 1);
    void run()
      .catch((error: unknown) => (failure ??= { error }))
      .finally(() => {
        underWay -= 1;
        const others = (running.get(host) ?? 1) - 1;
        if (others === 0) running.delete(host);
        else running.set(host, others);
        pump();
        wake();
      });
  };
  const pump = () => {
    while (failure === undefined && underWay < atATime) {
      const next = queue.findIndex(({ host }) => (running.get(host) ?? 0) < perHost);
      const [task] = next === -1 ? [] : queue.splice(next, 1);
      if (task === undefined) return;
      start(task);
    }
  };
  const until = async (isDone: () => boolean) => {
    while (!isDone()) await new Promise<void>((resolve) => (wake = resolve));
    if (failure !== undefined) throw failure.error;
  };
  return {
    add: async (host, run) => {
      queue.push({ host, run });
      pump();
      await until(() => failure !== undefined || queue.length < waiting);
    },
    idle: () => until(() => underWay === 0 && (failure !== undefined || queue.length === 0)),
  };
}

/**
 * Maps items with at most `concurrency` under way, in the order in which they end. Items are taken only when there
 * is room for them. After an error, or when the consumer stops, no more are taken; those under way are awaited.
 */
export async function* mapConcurrently<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  concurrency: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const underWay = new Map<number, Promise<{ key: number; result: R }>>();
  const next = async () => {
    const { key, result } = await Promise.race(underWay.values());
    underWay.delete(key);
    return result;
  };
  try {
    let key = 0;
    for await (const item of items) {
      const mine = key;
      key += 1;
      const running = map(item).then((result) => ({ key: mine, result }));
      // A later await still sees the error; this only keeps Node from reporting it as unhandled until then.
      running.catch(() => undefined);
      underWay.set(mine, running);
      if (underWay.size >= concurrency) yield await next();
    }
    while (underWay.size > 0) yield await next();
  } finally {
    await Promise.allSettled(underWay.values());
  }
}

/**
 * Waits for promises that run at the same time. Where several fail, it fails with the first of them in the order given, whichever
 * came first in time: so that the same mistake gives the same message.
 */
export async function allInOrder<T extends readonly unknown[]>(promises: {
  readonly [Index in keyof T]: Promise<T[Index]>;
}): Promise<T> {
  const results = await Promise.allSettled(promises);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}

/** Time as the Discourse functions see it, in milliseconds. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms) => {
    await setTimeout(ms);
  },
};

/** Asks again and again until the answer is yes; resolves to whether that came within `withinMs`. */
export async function pollUntil(
  condition: () => boolean | Promise<boolean>,
  { withinMs, everyMs = 30 }: { readonly withinMs: number; readonly everyMs?: number },
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() >= deadline) return false;
    await setTimeout(everyMs);
  }
  return true;
}
