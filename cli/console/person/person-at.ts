import type { FastifyReply } from "fastify";
import { userNotFound } from "../../../auth0/tenant-users.ts";
import type { User } from "../../../auth0/user.ts";
import { historyOf } from "../../people/history.ts";
import type { People } from "../../people/people.ts";
import type { ConsoleContext } from "../console-context.ts";
import { sendPage } from "../guard.ts";
import { gonePage } from "./person-page.ts";
import { searchPage } from "./search-page.ts";

/** A person of the tenant, as they are now. */
export interface PersonAt {
  readonly people: People;
  readonly user: User;
}

/**
 * The person whom an address names.
 *
 * @returns Undefined where there is none: the page that says so is sent then.
 */
export async function personAt(
  context: ConsoleContext,
  key: string,
  reply: FastifyReply,
): Promise<PersonAt | undefined> {
  const userId = context.users.textOf(key);
  if (userId === undefined) {
    const message = "The console does not know this person any more, or never did. Search again.";
    void sendPage(reply, searchPage(context, { wanted: "", message }), 404);
    return undefined;
  }
  const people = await context.people();
  const user = await people.users.get(userId);
  if (user !== undefined) return { people, user };
  const { message } = userNotFound(userId);
  void sendPage(reply, gonePage(context, message, historyOf(people.journal, userId)), 404);
  return undefined;
}
