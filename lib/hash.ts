import { createHash } from "node:crypto";

/** SHA-256 in hexadecimal, as `sha256sum` gives it for a file of this content; of text, its UTF-8. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A hash as people compare it. */
export function shortHash(hash = ""): string {
  return hash.slice(0, 12);
}
