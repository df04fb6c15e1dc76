import { randomInt, randomBytes } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Letters and digits, as in client ids (32) and, with a prefix, in `cgr_`, `con_` and `cred_` ids. */
export function randomAlphanumeric(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** 24 hexadecimal digits, as in the ids of users and resource servers. */
export function randomHexId(): string {
  return randomBytes(12).toString("hex");
}

/** As long as Auth0's client secrets: 64 characters of the base64url alphabet. */
export function randomSecret(): string {
  return randomBytes(48).toString("base64url");
}
