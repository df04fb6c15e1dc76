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
