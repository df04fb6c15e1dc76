import type { FastifyReply } from "fastify";
import { readConnectionSync, userNotFound } from "../../../auth0/tenant-users.ts";
import { primaryIdentity, type User } from "../../../auth0/user.ts";
import { markup } from "../../../lib/html.ts";
import { historyOf } from "../../people/history.ts";
import type { People } from "../../people/people.ts";
import { personFacts } from "../../people/person-facts.ts";
import type { ConsoleContext } from "../console-context.ts";
import { sendPage, type ConsoleRoutes } from "../console-server.ts";
import { gonePage, personPage, type Person } from "./person-page.ts";
import { searchPage } from "./search-page.ts";

/** A person's page. */
export const personRoutes: ConsoleRoutes = (app, context) => {
  app.get<{ Params: { key: string } }>("/person/:key", async ({ params }, reply) => {
    const userId = context.users.textOf(params.key);
    if (userId === undefined) return sendForgotten(reply, context);
    const people = await context.people();
    const user = await people.users.get(userId);
    if (user === undefined) {
      const { message } = userNotFound(userId);
      return sendPage(reply, gonePage(context, message, historyOf(people.journal, userId)), 404);
    }
    return sendPage(reply, personPage(context, await personOf(people, user), markup``));
  });
};

function sendForgotten(reply: FastifyReply, context: ConsoleContext): FastifyReply {
  const message = "The console does not know this person any more, or never did. Search again.";
  return sendPage(reply, searchPage(context, { wanted: "", message }), 404);
}

async function personOf(people: People, user: User): Promise<Person> {
  const sync = await readConnectionSync(people.access, primaryIdentity(user));
  return {
    user,
    facts: personFacts(people, user, sync),
    history: historyOf(people.journal, user.user_id),
  };
}
