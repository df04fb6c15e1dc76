import assert from "node:assert/strict";
import type { User } from "../../../../auth0/user.ts";
import { openReviewQueue, type ReviewQueue } from "../../../../cli/console/queue/review-queue.ts";
import { pollUntil } from "../../../../lib/clock.ts";
import { ExpectedError } from "../../../../lib/errors.ts";
import { sha256 } from "../../../../lib/hash.ts";
import { fakeTenant, minutes, ownUser, type FakeTenant } from "./fake-tenant.ts";

const idsOf = (users: readonly User[]) => users.map(({ user_id: id }) => id);
const noAnswer = () => new ExpectedError("auth0-unreachable", "no answer");

/** As a decision writes it. */
function reviewed(user: User, updated_at = user["updated_at"]): User {
  const { picture } = user["user_metadata"] as { picture: string };
  const picture_reviewed = { url: sha256(picture.trim()), by: "client", at: "2026-11-20T00:00:00.000Z" };
  return { ...user, updated_at, app_metadata: { picture_reviewed } };
}

async function takeAll(queue: ReviewQueue): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; ; from += 24) {
    const { users, isEnd } = await queue.take(from, 24);
    ids.push(...idsOf(users));
    if (isEnd) return ids;
  }
}

/** Until nothing is read any more. */
async function quiet(queue: ReviewQueue): Promise<void> {
  assert.ok(await pollUntil(() => !queue.status().isReading, { withinMs: 2000, everyMs: 5 }));
}

describe("the queue of pictures to judge", () => {
  const queueOf = (users: readonly User[], ahead?: number): { tenant: FakeTenant; queue: ReviewQueue } => {
    const tenant = fakeTenant(users);
    return { tenant, queue: openReviewQueue(tenant, ahead) };
  };

  it("is not empty where nobody could be asked: it fails, and works once the tenant answers", async () => {
    const { tenant, queue } = queueOf(minutes(30));
    tenant.failure = noAnswer;
    await assert.rejects(queue.take(0, 24), { code: "auth0-unreachable" });
    assert.equal((queue.status().error as ExpectedError).code, "auth0-unreachable");
    assert.equal(queue.status().finding.isEnd, false);
    tenant.failure = () => undefined;
    assert.equal((await queue.take(0, 24)).users.length, 24);
    assert.equal(queue.status().error, undefined);
  });

  it("gives what it has where reading ahead failed, and tells the failure with the page that lacks users", async () => {
    const { tenant, queue } = queueOf(minutes(500));
    tenant.failure = ({ to }) => (to === undefined ? undefined : noAnswer());
    assert.deepEqual(idsOf((await queue.take(0, 24)).users), idsOf(minutes(24)));
    await quiet(queue);
    assert.equal((queue.status().error as ExpectedError).code, "auth0-unreachable");
    const last = await queue.take(76, 24);
    assert.deepEqual([last.users.length, last.isEnd], [24, false]);
    await assert.rejects(queue.take(96, 24), { code: "auth0-unreachable" });
  });

  it("leaves out who has no picture to judge", async () => {
    const time = "2026-11-20T12:00:00.000Z";
    const judged = reviewed(ownUser("judged", time));
    const users = [
      ownUser("a-blocked", time, { app_metadata: { picture_blocked: true } }),
      ownUser("b-blank", time, { user_metadata: { picture: "  " } }),
      judged,
      { ...judged, user_id: "auth0|changed", user_metadata: { picture: "https://img.acme.com/new.png" } },
      ownUser("spoiled", time, { app_metadata: { picture_reviewed: { url: 1, at: "never" } } }),
    ];
    const { queue } = queueOf(users);
    assert.deepEqual(await takeAll(queue), ["auth0|changed", "auth0|spoiled"]);
    assert.equal(queue.status().finding.looked, 4);
  });

  it("says that it is empty where nobody has a picture to judge", async () => {
    assert.deepEqual(await queueOf(minutes(250).map((user) => reviewed(user))).queue.take(0, 24), {
      users: [],
      isEnd: true,
    });
  });

  it("gives everybody once, in the same order however often it is asked", async () => {
    const { queue } = queueOf(minutes(1000));
    assert.deepEqual(await takeAll(queue), idsOf(minutes(1000)));
    assert.deepEqual(await takeAll(queue), idsOf(minutes(1000)));
    const [one, other] = await Promise.all([queue.take(0, 24), queue.take(12, 24)]);
    assert.deepEqual(one.users.slice(12), other.users.slice(0, 12));
  });

  it("has the next page before it is asked for, and no more than that", async () => {
    const { tenant, queue } = queueOf(minutes(5000), 200);
    assert.deepEqual(tenant.asked, []);
    await queue.take(0, 24);
    await quiet(queue);
    assert.ok(queue.status().found >= 224 && queue.status().found <= 324, String(queue.status().found));
    const asked = tenant.asked.length;
    tenant.failure = noAnswer;
    assert.equal((await queue.take(24, 24)).users.length, 24);
    await quiet(queue);
    assert.ok(tenant.asked.length <= asked + 1);
  });

  it("keeps the place of who was judged, shows the newer reading, and does not give it in another walk", async () => {
    const users = minutes(60);
    const { queue } = queueOf(users);
    await queue.take(0, 24);
    const [first, second, third] = users as [User, User, User];
    queue.put(reviewed(first, "2026-11-20T23:00:00.000Z"));
    queue.settle(second.user_id);
    const again = await queue.take(0, 24);
    assert.deepEqual(idsOf(again.users), idsOf(users.slice(0, 24)));
    assert.ok((again.users[0]?.["app_metadata"] as { picture_reviewed?: object }).picture_reviewed);
    // The search has not heard of either yet.
    queue.restart();
    assert.equal((await queue.take(0, 24)).users[0]?.user_id, third.user_id);
  });

  it("gives who was judged again after an undo, and after another picture", async () => {
    const users = minutes(3);
    const { tenant, queue } = queueOf(users);
    await queue.take(0, 24);
    for (const { user_id: id } of users) queue.settle(id);
    const [first, second] = users as [User, User, User];
    queue.put({ ...first, updated_at: "2026-11-20T23:00:00.000Z" });
    tenant.users[1] = { ...second, user_metadata: { picture: "https://img.acme.com/new.png" } };
    queue.restart();
    assert.deepEqual(idsOf((await queue.take(0, 24)).users), idsOf(users.slice(0, 2)));
  });

  it("begins with what changed meanwhile once it looks again", async () => {
    const { tenant, queue } = queueOf(minutes(300));
    await queue.take(0, 24);
    tenant.users.push(ownUser("new", "2026-11-20T23:00:00.000Z"));
    assert.equal((await queue.take(0, 1)).users[0]?.user_id, "auth0|m0");
    queue.restart();
    assert.equal((await queue.take(0, 1)).users[0]?.user_id, "auth0|new");
  });

  it("gives what was found in the time that it is given, says that it is not all, and goes on", async () => {
    const users = minutes(1000).map((user, n) => (n % 200 === 0 ? user : reviewed(user)));
    const { tenant, queue } = queueOf(users);
    let answer: (() => void) | undefined;
    tenant.slow = new Promise((resolve) => (answer = resolve));
    assert.deepEqual(await queue.take(0, 5, 20), { users: [], isEnd: false });
    assert.equal(queue.status().isReading, true);
    answer?.();
    assert.deepEqual(
      idsOf((await queue.take(0, 5)).users),
      ["m0", "m200", "m400", "m600", "m800"].map((id) => `auth0|${id}`),
    );
  });

  it("stops reading ahead when it is told to", async () => {
    const { tenant, queue } = queueOf(minutes(5000), 4000);
    await queue.take(0, 24);
    queue.stop();
    await quiet(queue);
    assert.ok(tenant.asked.length <= 2, String(tenant.asked.length));
  });

  it("keeps of a user what the console looks at, and no text without end", async () => {
    const time = "2026-11-20T12:00:00.000Z";
    const user = ownUser("a", time, {
      name: "Jane",
      email: "jane@acme.com",
      last_ip: "10.0.0.1",
      picture: "A".repeat(50_000),
      identities: [{ provider: "auth0", connection: "db", user_id: "a", profileData: { picture: "A" } }],
      user_metadata: { picture: "https://img.acme.com/a.png", diary: "secret" },
      app_metadata: { picture_folder: "f", plan: "gold" },
    });
    const [kept] = (await queueOf([user]).queue.take(0, 24)).users;
    assert.deepEqual(kept, {
      user_id: "auth0|a",
      name: "Jane",
      email: "jane@acme.com",
      picture: "A".repeat(8192),
      identities: [{ provider: "auth0", connection: "db", user_id: "a" }],
      user_metadata: { picture: "https://img.acme.com/a.png" },
      app_metadata: { picture_folder: "f" },
      updated_at: time,
    });
  });
});
