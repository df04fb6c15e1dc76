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
