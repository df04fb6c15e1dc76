import { ExpectedError } from "../../infra/expected-error.ts";
import { userNotFound, type TenantUsers } from "./tenant-users.ts";
import { labelOf, primaryIdentity, textAt, type User } from "./user.ts";

/**
 * The one user that is meant: by the whole id (with a bar), the email, or the exact name, nickname or user name.
 *
 * @throws ExpectedError `user-not-found`, or `user-ambiguous` listing everybody who is meant.
 */
export async function findUser(users: TenantUsers, wanted: string): Promise<User> {
  const text = wanted.trim();
  const byId = text.includes("|") ? await users.get(text) : undefined;
  if (byId !== undefined) return byId;
  const { found, total } = await matches(users, text);
  const [first] = found;
  if (first === undefined) throw userNotFound(text);
  if (found.length > 1 || total > 1) throw ambiguous(found, total);
  // A search may be some seconds old.
  const current = await users.get(first.user_id);
  if (current === undefined) throw userNotFound(text);
  return current;
}

interface Matches {
  readonly found: readonly User[];
  readonly total: number;
}

async function matches(users: TenantUsers, text: string): Promise<Matches> {
  if (text === "") return { found: [], total: 0 };
  if (text.includes("@") && !text.includes("|")) {
    // Auth0 matches by letter case here, and writes a database user's email in lower case.
    const spellings = [...new Set([text, text.toLowerCase()])];
    const lists = await Promise.all(spellings.map((email) => users.byEmail(email)));
    const found = [...new Map(lists.flat().map((user) => [user.user_id, user])).values()];
    if (found.length > 0) return { found, total: found.length };
  }
  const quoted = `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;
  const q = ["name", "nickname", "username"].map((field) => `${field}:${quoted}`).join(" OR ");
  const { users: similar, total } = await users.search(q);
  const found = similar.filter((user) => isNamed(user, text));
  return { found, total: total > similar.length ? total : found.length };
}

/** A search may be more generous than we are. */
function isNamed(user: User, text: string): boolean {
  const names = ["name", "nickname", "username"].map((field) => textAt(user, field));
  return names.some((name) => name?.toLowerCase() === text.toLowerCase());
}

function ambiguous(found: readonly User[], total: number): ExpectedError {
  const lines = found.map((user) => {
    const lastLogin = textAt(user, "last_login")?.slice(0, 10) ?? "never";
    return `  ${labelOf(user)}, connection ${primaryIdentity(user).connection}, last login ${lastLogin}`;
  });
  const rest = total > found.length ? [`  and ${total - found.length} more`] : [];
  const list = [...lines, ...rest].join("\n");
  return new ExpectedError("user-ambiguous", `${total} users are meant. Give the id of one:\n${list}\n`);
}
