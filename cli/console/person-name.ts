import { textAt, type User } from "../../auth0/user.ts";

/** How a page names a user. It may be an email, so it is in no address. */
export function nameOf(user: User): string {
  const names = ["name", "nickname", "username", "email"].map((field) => textAt(user, field)?.trim());
  return names.find((name) => name !== undefined && name !== "") ?? user.user_id;
}
