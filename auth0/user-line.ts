import { isRecord } from "../lib/json.ts";
import type { User } from "./user.ts";

/**
 * Reads a line of an export or of a users' file. White space and byte order marks around it do not count: files that were put
 * together have them in the middle, too.
 *
 * @throws Error whose message says what is wrong, as in "has no user_id", and nothing of what the line holds: it is
 *   somebody's profile.
 */
export function readUserLine(line: string): User {
  const value = parsed(line.trim());
  if (!isRecord(value)) throw new Error("is not a JSON object");
  if (!isUser(value)) throw new Error("has no user_id");
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's message quotes the line.
    throw new Error("is not JSON");
  }
}

function isUser(value: object): value is User {
  const { user_id: id } = value as { readonly user_id?: unknown };
  return typeof id === "string" && id !== "";
}
