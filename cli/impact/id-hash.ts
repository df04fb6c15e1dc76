import type { Shard } from "./child/messages.ts";

/**
 * A number of 53 bits that depends on the user's id alone, so that a sample and a shard are the same in every run. FNV-1a
 * in two lanes, then mixed; nothing secret hangs on it.
 */
export function idHash(userId: string): number {
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
