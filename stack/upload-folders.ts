import { createHmac } from "node:crypto";
import { sha256 } from "../lib/hash.ts";

/** A shorter key could be found by trying. */
const leastBytes = 32;

/**
 * The keys that a text holds, as config key `uploadKey` takes them: base64, the one in use first, former ones after it, separated by blanks.
 * Undefined where it holds none, or anything else.
 */
export function uploadKeysIn(text: string): readonly string[] | undefined {
  const keys = text.split(/\s+/).filter((key) => key !== "");
  return keys.length > 0 && keys.every(isStrong) ? keys : undefined;
}

function isStrong(key: string): boolean {
  return /^[\w+/-]+=*$/.test(key) && Buffer.from(key, "base64").length >= leastBytes;
}

/**
 * The folders below `users/` that an application's uploads of one user are in, by docs/app-upload.md: the one in use first, then those of
 * former keys, and last the one of before there were keys, which follows from the id alone.
 */
export function uploadFolders(userId: string, keys: readonly string[]): readonly string[] {
  return [...keys.map((key) => keyedFolder(userId, key)), sha256(userId).slice(0, 20)];
}

/** Whoever has the id, but not the key, can neither find the folder nor tell whose one is. */
function keyedFolder(userId: string, key: string): string {
  return createHmac("sha256", key).update(userId).digest("hex").slice(0, 32);
}
