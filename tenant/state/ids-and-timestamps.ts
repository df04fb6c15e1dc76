import { randomBytes, randomInt } from "node:crypto";

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

const startedAtNs = BigInt(Date.now()) * 1_000_000n;
const startedAtTick = process.hrtime.bigint();

/** RFC 3339, UTC, nanoseconds: the Actions family's form, e.g. `2026-01-31T12:00:37.131474951Z`. Never the same twice. */
export function nanosecondTimestamp(): string {
  const ns = startedAtNs + (process.hrtime.bigint() - startedAtTick);
  const seconds = new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}.${(ns % 1_000_000_000n).toString().padStart(9, "0")}Z`;
}

/** ISO 8601, UTC, milliseconds: the form of every other family. */
export function millisecondTimestamp(): string {
  return new Date().toISOString();
}
