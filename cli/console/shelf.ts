import { randomBytes } from "node:crypto";

/** What pages hold between two requests, under keys that cannot be guessed: an address says nothing of it. */
export interface Shelf<T> {
  /** @returns The key. */
  readonly put: (thing: T) => string;
  /** Undefined where it was never there, or is not any more. */
  readonly get: (key: string) => T | undefined;
  readonly drop: (key: string) => void;
}

export interface ShelfLimits {
  /** How many there may be: the oldest goes first. */
  readonly most: number;
  /** How long each stays, in milliseconds. */
  readonly ms: number;
}

export function createShelf<T>({ most, ms }: ShelfLimits): Shelf<T> {
  const things = new Map<string, { readonly thing: T; readonly timer: NodeJS.Timeout }>();
  const drop = (key: string): void => {
    clearTimeout(things.get(key)?.timer);
    things.delete(key);
  };
  return {
    put: (thing) => {
      const key = randomBytes(16).toString("base64url");
      // In time, not only when the next one is asked for: a file of a person does not stay longer than was said.
      const timer = setTimeout(() => things.delete(key), ms).unref();
      things.set(key, { thing, timer });
      for (const oldest of things.keys()) {
        if (things.size <= most) break;
        drop(oldest);
      }
      return key;
    },
    get: (key) => things.get(key)?.thing,
    drop,
  };
}
