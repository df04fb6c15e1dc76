/** An object of JSON that came from outside. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * What is found along the path, or undefined. Own properties only: what a prototype holds is not data, and anything on the
 * way may be missing, null or of another type.
 */
export function valueIn(from: unknown, ...path: readonly string[]): unknown {
  let value = from;
  for (const key of path) {
    value = Object.hasOwn(Object(value) as object, key) ? (value as JsonRecord)[key] : undefined;
  }
  return value;
}

/** The value where it is an object; an empty one where it is anything else. */
export function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

/** The objects in the value where it is a list; none where it is anything else. */
export function recordsOf(value: unknown): readonly JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The objects in a list; none where there is no list. */
export function recordsIn(record: JsonRecord, name: string): readonly JsonRecord[] {
  return recordsOf(record[name]);
}

/** The text; empty where there is none. */
export function textIn(record: JsonRecord, name: string): string {
  const value = record[name];
  return typeof value === "string" ? value : "";
}

/** The object; empty where there is none. */
export function recordIn(record: JsonRecord, name: string): JsonRecord {
  return recordOf(record[name]);
}

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

/** True for a plain JSON object, false for arrays and null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object without the given keys. */
export function without<T extends object, K extends keyof T>(object: T, ...keys: K[]): Omit<T, K> {
  const copy = { ...object };
  for (const key of keys) Reflect.deleteProperty(copy, key);
  return copy;
}

/** The value of a JSON text; undefined where it is none. For texts that may hold a secret: an error would show their beginning. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
