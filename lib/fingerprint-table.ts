import { createHash } from "node:crypto";

/** Small numbers by text, some ten bytes an entry: the text itself is not kept. */
export interface FingerprintTable {
  /** Undefined for a text that is not in it. */
  readonly get: (text: string) => number | undefined;
  /** @param value From 0 to 255. */
  readonly set: (text: string, value: number) => void;
  readonly size: () => number;
}

/** How full it may be, before collisions make it slow. */
const maxLoad = 0.6;

/** Made for a million texts: the chance that any two of these are taken for one is below 1 in 10,000. */
export function createFingerprintTable(): FingerprintTable {
  let keys = new Float64Array(1024);
  let values = new Uint8Array(keys.length);
  let size = 0;

  /** Where the key is, or the free place for it. */
  const placeOf = (key: number) => {
    let place = key % keys.length;
    while (keys[place] !== 0 && keys[place] !== key) place = (place + 1) % keys.length;
    return place;
  };
  const put = (key: number, value: number) => {
    const place = placeOf(key);
    keys[place] = key;
    values[place] = value;
  };
  const grow = () => {
    const [formerKeys, formerValues] = [keys, values];
    keys = new Float64Array(formerKeys.length * 2);
    values = new Uint8Array(keys.length);
    formerKeys.forEach((key, place) => {
      if (key !== 0) put(key, formerValues[place] ?? 0);
    });
  };
  return {
    get: (text) => {
      const place = placeOf(fingerprint(text));
      return keys[place] === 0 ? undefined : values[place];
    },
    set: (text, value) => {
      const key = fingerprint(text);
      if (keys[placeOf(key)] === 0) size += 1;
      put(key, value);
      if (size > keys.length * maxLoad) grow();
    },
    size: () => size,
  };
}

/** As many bits of a hash as a number holds exactly; 0 stands for a free place. */
function fingerprint(text: string): number {
  const digest = createHash("sha256").update(text).digest();
  return (digest.readUInt32BE(0) & 0x1fffff) * 2 ** 32 + digest.readUInt32BE(4) || 1;
}
