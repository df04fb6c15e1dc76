/**
 * `value[key]` where `value` is an object that has this property itself, else undefined. An event comes from
 * outside: anything in it may be missing, null or of another type, and what a prototype holds is not data.
 */
export function ownProperty(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
