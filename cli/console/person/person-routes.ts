import { readConnectionSync } from "../../../auth0/tenant-users.ts";
import { primaryIdentity } from "../../../auth0/user.ts";
import { historyOf } from "../../people/history.ts";
import { personFacts } from "../../people/person-facts.ts";
import type { ConsoleRoutes } from "../console-server.ts";
import { sendPage } from "../guard.ts";
import { allowedCommands } from "../decisions/person-commands.ts";
import { commandForms } from "./command-forms.ts";
import { personAt, type PersonAt } from "./person-at.ts";
import { personPage, type Person } from "./person-page.ts";

/** A person's page. */
export const personRoutes: ConsoleRoutes = (app, context) => {
  app.get<{ Params: { key: string } }>("/person/:key", async ({ params: { key } }, reply) => {
    const at = await personAt(context, key, reply);
    if (at === undefined) return reply;
    const forms = commandForms(context, key, allowedCommands(at.people));
    return sendPage(reply, personPage(context, await personOf(at), forms));
  });
};

async function personOf({ people, user }: PersonAt): Promise<Person> {
  const sync = await readConnectionSync(people.access, primaryIdentity(user));
  return {
    user,
    facts: personFacts(people, user, sync),
    history: historyOf(people.journal, user.user_id),
  };
}
