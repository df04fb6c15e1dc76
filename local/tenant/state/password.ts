import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

const keyBytes = 32;
/** Cheap on purpose: these users live in memory on this machine, and tests log in by the hundred. */
const cost = { N: 1024, r: 8, p: 1 };

export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return `${salt.toString("hex")}:${scryptSync(password, salt, keyBytes, cost).toString("hex")}`;
}

/** False also where there is no hash: such a user has no password to log in with. */
export function passwordMatches(password: string, hash: string | undefined): boolean {
  const [salt = "", key = ""] = (hash ?? "").split(":");
  const stored = Buffer.from(key, "hex");
  if (stored.length !== keyBytes) return false;
  return timingSafeEqual(stored, scryptSync(password, Buffer.from(salt, "hex"), keyBytes, cost));
}
