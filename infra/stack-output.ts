/**
 * One output of a stack, picked from what the program deployed; null where there is nothing, since Pulumi warns of
 * each output that is undefined.
 *
 * Pulumi awaits a program's exports only after it registered the stack. Without a handler until then, Node
 * would report an early failure a second time, as an unhandled rejection.
 */
export function stackOutput<D, T>(
  deployed: Promise<D>,
  pick: (deployed: D) => T,
): Promise<Awaited<T> | null> {
  const picked = deployed.then(async (parts) => (await pick(parts)) ?? null);
  picked.catch(() => undefined);
  return picked;
}
