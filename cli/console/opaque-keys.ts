import { createHmac, randomBytes } from "node:crypto";

/** Names for what must not stand in an address, such as a user's id: addresses end in histories and logs. */
export interface OpaqueKeys {
  /** The same text has the same name for as long as the console runs. */
  readonly of: (text: string) => string;
  /** Undefined for a name that was not given out. */
  readonly textOf: (key: string) => string | undefined;
}

/** How many are known at a time; those that were asked for longest ago are forgotten first. */
const most = 20_000;

export function createOpaqueKeys(): OpaqueKeys {
  const secret = randomBytes(32);
  const texts = new Map<string, string>();
  const keep = (key: string, text: string): void => {
    texts.delete(key);
    texts.set(key, text);
    for (const oldest of texts.keys()) {
      if (texts.size <= most) break;
      texts.delete(oldest);
    }
  };
  return {
    of: (text) => {
      const key = createHmac("sha256", secret).update(text).digest("base64url").slice(0, 22);
      keep(key, text);
      return key;
    },
    textOf: (key) => {
      const text = texts.get(key);
      if (text !== undefined) keep(key, text);
      return text;
    },
  };
}
