import type { Example } from "./child/messages.ts";
import { idHash } from "./id-hash.ts";

/** The examples with the smallest hashes of each pair of reasons: the same whatever order the users come in. */
export interface ExampleSample {
  /** Whether it was kept, at least for now. */
  readonly add: (example: Example) => boolean;
  /** Sorted by reasons, then by hash. */
  readonly examples: () => Example[];
}

interface Ranked {
  readonly example: Example;
  readonly hash: number;
}

/** @param size How many are kept of each pair of reasons. */
export function createExampleSample(size: number): ExampleSample {
  const kept = new Map<string, Ranked[]>();
  return {
    add: (example) => {
      if (size === 0) return false;
      const key = `${example.old.reason}\n${example.new.reason}`;
      const ranked = { example, hash: idHash(example.userId) };
      const list = kept.get(key);
      if (list === undefined) {
        kept.set(key, [ranked]);
        return true;
      }
      const last = list[size - 1];
      if (last !== undefined && compare(ranked, last) >= 0) return false;
      const place = list.findIndex((other) => compare(ranked, other) < 0);
      list.splice(place === -1 ? list.length : place, 0, ranked);
      list.length = Math.min(list.length, size);
      return true;
    },
    examples: () =>
      [...kept]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .flatMap(([, list]) => list.map(({ example }) => example)),
  };
}

/** A user who is in the file twice is there with two different lines: these are in an order too. */
function compare(one: Ranked, other: Ranked): number {
  if (one.hash !== other.hash) return one.hash - other.hash;
  const [a, b] = [JSON.stringify(one.example), JSON.stringify(other.example)];
  return a < b ? -1 : a > b ? 1 : 0;
}
