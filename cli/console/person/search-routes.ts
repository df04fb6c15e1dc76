import type { FastifyReply } from "fastify";
import {
  findUsers,
  findUsersBeginning,
  nobodyFound,
  type MatchingUsers,
} from "../../../auth0/tenant-users.ts";
import { recordOf, textIn } from "../../../lib/json.ts";
import type { People } from "../../people/people.ts";
import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleRoutes } from "../console-server.ts";
import { sendPage } from "../guard.ts";
import { createShelf } from "../shelf.ts";
import { foundPage, searchPage, type Found } from "./search-page.ts";

/** Searches whose people are kept, so that their page can be loaded again, and for how long. */
const kept = { most: 30, ms: 60 * 60_000 };

/** Characters of what is searched for; longer than any email. */
const longest = 400;

/** The search for a person. What is searched for is never in an address. */
export const searchRoutes: ConsoleRoutes = (app, context) => {
  const found = createShelf<Found>(kept);
  app.get("/people", (_request, reply) => sendPage(reply, searchPage(context)));
  app.post("/people", async ({ body }, reply) => {
    const wanted = textIn(recordOf(body), "who").trim().slice(0, longest);
    const people = await context.people();
    const matching = await search(people, wanted);
    const [first] = matching.found;
    if (first === undefined) {
      const { message, code } = nobodyFound(wanted);
      return sendPage(reply, searchPage(context, { wanted, message, code }));
    }
    if (matching.total === 1)
      return reply.redirect(`${context.base}/person/${context.users.of(first.user_id)}`, 303);
    return reply.redirect(`${context.base}/people/${found.put({ ...matching, wanted })}`, 303);
  });
  app.get<{ Params: { key: string } }>("/people/:key", async ({ params }, reply) => {
    const search = found.get(params.key);
    if (search === undefined) return sendForgotten(reply, context);
    const { settings } = await context.people();
    return sendPage(reply, foundPage(context, settings, search));
  });
};

function sendForgotten(reply: FastifyReply, context: ConsoleContext): FastifyReply {
  const message = "The console does not know the result of this search any more. Search again.";
  return sendPage(reply, searchPage(context, { wanted: "", message }), 404);
}

interface Search extends MatchingUsers {
  readonly isBeginning: boolean;
}

/** Those who are meant; where there are none, those whose name or email begins so. */
async function search({ users }: People, wanted: string): Promise<Search> {
  const exact = await findUsers(users, wanted);
  if (exact.found.length > 0) return { ...exact, isBeginning: false };
  return { ...(await findUsersBeginning(users, wanted)), isBeginning: true };
}
