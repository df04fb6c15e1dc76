/**
 * What is found along the path of own properties, or undefined. An event comes from outside: anything in it may be
 * missing, null or of another type, and what a prototype holds is not data.
 */
export function readPath(from: unknown, ...path: readonly string[]): unknown {
  let value = from;
  for (const key of path) {
    value = Object.hasOwn(Object(value) as object, key) ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value;
}
