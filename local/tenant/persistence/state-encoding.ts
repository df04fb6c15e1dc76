/** The tags that stand for what JSON has no form for. */
const mapTag = "$map";
const setTag = "$set";

/**
 * A value as plain JSON: a Map becomes `{"$map": [[key, value], …]}`, a Set `{"$set": […]}`. A key of an object that itself
 * begins with `$` gets a second one, so that nobody's metadata can be taken for a tag.
 */
export function encodeState(value: unknown): unknown {
  if (value instanceof Map) {
    const entries = [...(value as Map<unknown, unknown>)];
    return { [mapTag]: entries.map(([key, entry]) => [key, encodeState(entry)]) };
  }
  if (value instanceof Set) return { [setTag]: [...(value as Set<unknown>)].map(encodeState) };
  if (Array.isArray(value)) return (value as unknown[]).map(encodeState);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key.startsWith("$") ? `$${key}` : key,
      encodeState(entry as unknown),
    ]),
  );
}

/** What {@link encodeState} was given. */
export function decodeState(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeState);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value) as [string, unknown][];
  const [[tag, items] = []] = entries;
  if (tag === mapTag && Array.isArray(items)) {
    return new Map((items as [unknown, unknown][]).map(([key, entry]) => [key, decodeState(entry)]));
  }
  if (tag === setTag && Array.isArray(items)) return new Set(items.map(decodeState));
  return Object.fromEntries(
    entries.map(([key, entry]) => [key.startsWith("$$") ? key.slice(1) : key, decodeState(entry)]),
  );
}
