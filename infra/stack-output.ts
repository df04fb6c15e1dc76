/**
 * One output of a stack, picked from what the program deployed.
 *
 * Pulumi awaits a program's exports only after it registered the stack. Without a handler until then, Node
 * would report an early failure a second time, as an unhandled rejection.
 */
export function stackOutput<D, T>(deployed: Promise<D>, pick: (deployed: D) => T): Promise<Awaited<T>> {
  const picked = deployed.then(pick) as Promise<Awaited<T>>;
  picked.catch(() => undefined);
  return picked;
}
