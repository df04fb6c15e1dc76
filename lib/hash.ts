import { createHash } from "node:crypto";

/** SHA-256 of an Action's code in hexadecimal, as `sha256sum` gives it for its file. */
export function codeHash(code: string): string {
  return createHash("sha256").update(code).digest("hex");
}

/** A hash as people compare it. */
export function shortHash(hash = ""): string {
  return hash.slice(0, 12);
}
