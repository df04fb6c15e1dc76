const { defineProperty } = Object;
const { isArray } = Array;
const ownProperty = { configurable: true, enumerable: true, writable: true };

/** A copy of what JSON can say: a third of the time that the text takes to be parsed. */
export function jsonClone<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (isArray(value)) {
    const clone: unknown[] = [];
    for (let index = 0; index < value.length; index += 1) clone[index] = jsonClone(value[index] as unknown);
    return clone as T;
  }
  const clone = { ...value } as Record<string, unknown>;
  for (const key in clone) {
    const inner = clone[key];
    if (typeof inner !== "object" || inner === null) continue;
    if (key === "__proto__") defineProperty(clone, key, { ...ownProperty, value: jsonClone(inner) });
    else clone[key] = jsonClone(inner);
  }
  return clone as T;
}
