import type { Example, Shard } from "./comparison.ts";

/** The examples with the smallest hashes of each pair of reasons: the same in any order of the users. */
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

/**
 * A number of 53 bits that depends on the user's id alone, so that a sample and a shard are the same in every run. FNV-1a
 * in two lanes, then mixed; nothing secret hangs on it.
 */
function idHash(userId: string): number {
  const [high, low] = lanes(userId);
  return high * 2 ** 21 + (low >>> 11);
}

/** Whether the user belongs to this part. */
export function isInShard(userId: string, { index, of }: Shard): boolean {
  // The other lane: which users are the sample does not depend on how the users are split.
  return lanes(userId)[1] % of === index - 1;
}

function lanes(text: string): [number, number] {
  let one = 0x811c9dc5;
  let two = 0x2f0b4c47;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 0x01000193);
    two = Math.imul(two ^ unit, 0x01000193);
    two = (two << 5) | (two >>> 27);
  }
  return [mixed(one), mixed(two)];
}

/** Spreads the last characters over all bits. */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}
