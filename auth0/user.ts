import { valueIn } from "../lib/json.ts";
import { visible } from "../lib/terminal.ts";

/** A user as the Management API gives it. Only the id is sure; everything else is looked at before it is used. */
export interface User {
  readonly user_id: string;
  readonly [field: string]: unknown;
}

/** One way in which the user logs in. */
export interface Identity {
  readonly connection: string;
  /** The strategy of the connection: `auth0` for a database, `google-oauth2` … */
  readonly provider: string;
  /** The whole id that a user with only this identity would have. */
  readonly userId: string;
}

/** @throws TypeError if it is not a user: the Management API always returns an id. */
export function readUser(answer: unknown): User {
  const id = valueIn(answer, "user_id");
  if (typeof id !== "string") throw new TypeError("Auth0 gave a user without user_id.");
  return { ...(answer as object), user_id: id };
}

/** The user's identities, the primary one first, as Auth0 orders them. */
export function identitiesOf(user: User): readonly Identity[] {
  const listed = user["identities"];
  return (Array.isArray(listed) ? listed : []).map((identity: unknown): Identity => {
    const provider = textAt(identity, "provider") ?? "";
    return {
      connection: textAt(identity, "connection") ?? "",
      provider,
      userId: `${provider}|${idAt(identity)}`,
    };
  });
}

/**
 * A user id as people give it: without white space around, and with the bar that an address writes as `%7C`, once or twice
 * encoded. What has a bar is left as it is.
 */
export function wholeUserId(text: string): string {
  let id = text.trim();
  while (!id.includes("|") && /%(25)*7c/i.test(id)) {
    const decoded = decoded7c(id);
    if (decoded === id) break;
    id = decoded;
  }
  return id;
}

function decoded7c(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** Whether it is a whole id: the provider, a bar, and the id there. */
export function isWholeUserId(text: string): boolean {
  return text.includes("|");
}

/** The provider and its own id of the user: the ids of some connections have bars of their own. */
export function splitUserId(id: string): { readonly provider: string; readonly id: string } {
  const bar = id.indexOf("|");
  return { provider: id.slice(0, Math.max(bar, 0)), id: id.slice(bar + 1) };
}

/** Whether the user has the whole id, or one of the identities has it. */
export function hasIdentity(user: User, id: string): boolean {
  return user.user_id === id || identitiesOf(user).some(({ userId }) => userId === id);
}

/** Says whose an id is, where it is that of a linked identity; undefined where the user goes by it, or it is no id. */
export function linkedNote(wanted: string, user: User): string | undefined {
  const id = wholeUserId(wanted);
  if (!isWholeUserId(id) || id === user.user_id || !hasIdentity(user, id)) return undefined;
  return visible(`${id} is linked to ${user.user_id}.`);
}

/** Some connections' ids are numbers. A file may contain anything else, which is not an id. */
function idAt(identity: unknown): string {
  const id = valueIn(identity, "user_id");
  return typeof id === "number" ? String(id) : typeof id === "string" ? id : "";
}

/** The identity whose connection decides: the primary one. */
export function primaryIdentity(user: User): Identity {
  const [first] = identitiesOf(user);
  const provider = user.user_id.slice(0, Math.max(user.user_id.indexOf("|"), 0));
  return first ?? { connection: "", provider, userId: user.user_id };
}

/** How messages name the user: the id, and the name if there is one that is not an email. */
export function labelOf(user: User): string {
  const name = textAt(user, "name");
  return visible(name === undefined || name.includes("@") ? user.user_id : `${user.user_id} (${name})`);
}

/** The text along the path, or undefined. */
export function textAt(from: unknown, ...path: readonly string[]): string | undefined {
  const value = valueIn(from, ...path);
  return typeof value === "string" ? value : undefined;
}
