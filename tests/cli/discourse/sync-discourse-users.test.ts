import assert from "node:assert/strict";
import {
  addToCounts,
  noCounts,
  type DiscourseCounts,
  type DiscourseResult,
} from "../../../cli/discourse/discourse-result.ts";
import type { DiscourseUser } from "../../../cli/discourse/discourse-user.ts";
import { syncDiscourseUsers } from "../../../cli/discourse/sync-discourse-user.ts";
import { forums, userAda, type Forum } from "./forum.ts";

const urlOf = (number: number) => `https://img.acme.com/users/${number}.png`;
const idOf = (number: number) => `auth0|${number}`;

describe("a sync of all users", () => {
  const start = forums();

  function users(count: number, change: (number: number) => Partial<DiscourseUser> = () => ({})) {
    return Array.from({ length: count }, (_, number) =>
      userAda({
        userId: idOf(number),
        externalId: idOf(number),
        pictureUrl: urlOf(number),
        ...change(number),
      }),
    );
  }

  function addAccounts({ state }: Forum, count: number) {
    return Array.from({ length: count }, (_, number) => {
      state.pictures.set(urlOf(number), `face ${number}`);
      return state.addAccount({ username: `user${number}` }, idOf(number));
    });
  }

  async function collect(results: AsyncIterable<DiscourseResult>) {
    const all: DiscourseResult[] = [];
    let counts: DiscourseCounts = noCounts;
    for await (const result of results) {
      all.push(result);
      counts = addToCounts(counts, result);
    }
    return { all, counts };
  }

  it("counts who was refused, and syncs the others", async () => {
    const forum = await start();
    const accounts = addAccounts(forum, 6);
    const mixed = users(8, (number) => (number % 3 === 0 ? { emailVerified: false } : {}));
    const { counts } = await collect(syncDiscourseUsers(forum.connect(), mixed));
    assert.deepEqual(counts, {
      total: 8,
      outcomes: { changed: 4, unchanged: 0, refused: 4, failed: 0 },
      reasons: { synced: 4, "email-not-verified": 3, "no-account": 1 },
    });
    assert.deepEqual(
      accounts.map((account) => forum.state.shownBy(account)),
      [undefined, "face 1", "face 2", undefined, "face 4", "face 5"],
    );
  });

  for (const retryAfter of ["header", "body", "nowhere"] as const) {
    it(`waits out the forum's rate limit, with the wait in the ${retryAfter}`, async () => {
      const forum = await start({ requestsPerMinute: 20, retryAfter });
      const accounts = addAccounts(forum, 12);
      const { counts } = await collect(syncDiscourseUsers(forum.connect(), users(12)));
      assert.equal(counts.outcomes.changed, 12);
      assert.deepEqual(
        accounts.map((account) => forum.state.shownBy(account)),
        accounts.map((_, number) => `face ${number}`),
      );
      assert.ok(forum.refusals() > 0);
    });
  }

  it("goes on after a user at whom the forum fails", async () => {
    const forum = await start({
      before: ({ url }) => (url.includes(encodeURIComponent(idOf(1))) ? { status: 500 } : undefined),
    });
    addAccounts(forum, 3);
    const { all } = await collect(syncDiscourseUsers(forum.connect(), users(3)));
    assert.deepEqual(all.map(({ userId, reason }) => [userId, reason]).sort(), [
      [idOf(0), "synced"],
      [idOf(1), "discourse-error"],
      [idOf(2), "synced"],
    ]);
  });

  it("stops at the first user for a wrong secret", async () => {
    const forum = await start();
    addAccounts(forum, 50);
    let taken = 0;
    function* counted() {
      for (const user of users(50)) {
        taken += 1;
        yield user;
      }
    }
    const discourse = forum.connect({}, { DISCOURSE_CONNECT_SECRET: "another" });
    await assert.rejects(collect(syncDiscourseUsers(discourse, counted())), {
      code: "discourse-secret-refused",
    });
    assert.ok(taken <= 8, `${taken} users were taken`);
  });
});
