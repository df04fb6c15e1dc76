const { defineProperty } = Object;
const { isArray } = Array;
const ownProperty = { configurable: true, enumerable: true, writable: true };

/** A copy of what JSON can say: a third of the time that the text takes to be parsed. */
export function jsonClone<T extends object>(value: T): T {
  if (isArray(value)) {
    const clone: unknown[] = [];
    for (let index = 0; index < value.length; index += 1) {
      const inner: unknown = value[index];
      clone[index] = typeof inner === "object" && inner !== null ? jsonClone(inner) : inner;
    }
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
