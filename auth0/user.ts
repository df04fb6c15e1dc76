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
