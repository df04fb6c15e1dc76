import { recordOf, recordsIn, recordsOf, textIn, type JsonRecord } from "../../lib/json.ts";
import { success } from "./context.ts";
import { readFlow, isOwnEntry, unbindOwn } from "./login-flow.ts";
import { ownNames, runOf, userSlots, type OwnThing } from "./own-names.ts";
import type { TenantCalls } from "./tenant-calls.ts";
import { waitFor } from "./wait-for.ts";

interface Kind {
  readonly kind: OwnThing["kind"];
  readonly scopes: readonly string[];
  readonly list: (calls: TenantCalls) => Promise<readonly JsonRecord[]>;
  readonly id: string;
  readonly path: string;
}

/** In the order of their removal: as long as one of the last kind is there, the next run finds all that belongs to it. */
const kinds: readonly Kind[] = [
  {
    kind: "connection",
    scopes: ["read:connections", "delete:connections"],
    list: (calls) => pages(calls, "/connections?fields=id,name&include_fields=true", "connections"),
    id: "id",
    path: "/connections",
  },
  {
    kind: "client",
    scopes: ["read:clients", "delete:clients"],
    list: (calls) => pages(calls, "/clients?fields=client_id,name&include_fields=true", "clients"),
    id: "client_id",
    path: "/clients",
  },
  {
    kind: "Action",
    scopes: ["read:actions", "delete:actions"],
    list: (calls) => pages(calls, "/actions/actions?triggerId=post-login", "actions"),
    id: "id",
    path: "/actions/actions",
  },
];

/** A page of any list has at most so many. */
const perPage = 50;

/** More pages than any tenant has of these. */
const mostPages = 100;

async function pages(calls: TenantCalls, path: string, name: string): Promise<readonly JsonRecord[]> {
  const found: JsonRecord[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const query = `per_page=${perPage}&page=${page}&include_totals=true`;
    const actionQuery = `per_page=${perPage}&page=${page}`;
    const asked = `${path}&${name === "actions" ? actionQuery : query}`;
    const { body } = success(await calls.api("GET", asked), `listing ${name}`);
    const items = Array.isArray(body) ? recordsOf(body) : recordsIn(recordOf(body), name);
    found.push(...items);
    if (items.length < perPage) break;
  }
  return found;
}

/** Everything of runs of certify that is in the tenant, as far as the scopes let it be seen. */
export async function findOwn(calls: TenantCalls, scopes: readonly string[]): Promise<readonly OwnThing[]> {
  const found: OwnThing[] = [];
  for (const { kind, scopes: needed, list, id } of kinds) {
    if (!needed.every((scope) => scopes.includes(scope))) continue;
    for (const item of await list(calls)) {
      const name = textIn(item, "name");
      const run = runOf(name);
      if (run !== undefined) found.push({ kind, id: textIn(item, id), name, run });
    }
  }
  return found;
}

/**
 * Removes everything of these runs: out of the Login flow, the users by their known ids, the connections, the clients, and the
 * Actions last. Users once more after their connection: an import under way may have made them again.
 *
 * @returns What could not be removed, with why; empty where nothing is left.
 */
export async function removeOwn(
  calls: TenantCalls,
  scopes: readonly string[],
  things: readonly OwnThing[],
): Promise<readonly string[]> {
  const failures: string[] = [];
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  if (things.some(({ kind }) => kind === "Action")) {
    await attempt("the Login flow", async () => {
      if ((await readFlow(calls)).some(isOwnEntry)) await unbindOwn(calls);
    });
  }
  const runs = [...new Set(things.map(({ run }) => run))];
  const removeUsers = async () => {
    if (!scopes.includes("delete:users")) return;
    for (const run of runs) await attempt(`users of ${run}`, () => deleteUsers(calls, run));
  };
  await removeUsers();
  for (const { kind, path } of kinds) {
    for (const thing of things.filter((each) => each.kind === kind)) {
      await attempt(thing.name, () => remove(calls, `${path}/${encodeURIComponent(thing.id)}`, thing.name));
    }
    if (kind === "connection") await removeUsers();
  }
  return failures;
}

/** Auth0 answers alike for a user who is not there. */
async function deleteUsers(calls: TenantCalls, run: string): Promise<void> {
  const { userId } = ownNames(run);
  for (const slot of userSlots) {
    await remove(calls, `/users/${encodeURIComponent(userId(slot))}`, userId(slot));
  }
}

async function remove(calls: TenantCalls, path: string, name: string): Promise<void> {
  const answer = await calls.api("DELETE", path);
  if (answer.status !== 404) success(answer, `deleting ${name}`);
}

/** Auth0 deletes connections after it has answered, so the lists are looked at for a while. */
export async function stillThere(
  calls: TenantCalls,
  scopes: readonly string[],
): Promise<readonly OwnThing[]> {
  return waitFor(
    () => findOwn(calls, scopes),
    (found) => found.length === 0,
    { withinMs: 15_000 },
  );
}
