import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { exportUsers } from "../../auth0/jobs.ts";
import type { People } from "../../cli/people/people.ts";
import { peopleOfTenant } from "../cli/people/tenant-people.ts";

describe("an export of all users", () => {
  const setup = peopleOfTenant();

  async function exported({ access }: People, signal?: AbortSignal) {
    const users = [];
    for await (const user of exportUsers(access, signal === undefined ? {} : { signal })) users.push(user);
    return users;
  }

  /** Answers requests for the export's file in place of the tenant. */
  function withFile(answer: () => Response): void {
    const own = globalThis.fetch;
    globalThis.fetch = (url, init) =>
      String(url instanceof Request ? url.url : url).includes("/exports/")
        ? Promise.resolve(answer())
        : own(url, init);
  }

  for (const [what, answer, message] of [
    ["is gone", () => new Response("", { status: 404 }), /answered 404/],
    ["is not packed", () => new Response('{"user_id":"a@acme.com"}\n'), /is incomplete/],
    ["is cut off", () => new Response(gzipSync("{}".repeat(99)).subarray(0, 20)), /is incomplete/],
    ["holds what is no user", () => new Response(gzipSync('{"email":"a@acme.com"}\n')), /has no user_id/],
  ] as const) {
    it(`fails where its file ${what}, and shows nobody's profile`, async () => {
      const people = await setup().people("read:users");
      withFile(answer);
      await assert.rejects(exported(people), (error: { code?: string; message: string }) => {
        assert.equal(error.code, "export-failed");
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /@acme/);
        return true;
      });
    });
  }

  it("ends where it is not wanted any more, while the job runs", async () => {
    const people = await setup().people("read:users");
    const controller = new AbortController();
    const isEnded = assert.rejects(exported(people, controller.signal));
    const jobs = () => setup().tenant.requests.count({ method: "POST", pathPrefix: "/api/v2/jobs" });
    while (jobs() === 0) await sleep(5);
    controller.abort();
    await isEnded;
  });

  it("gives every user with what a decision looks at", async () => {
    const people = await setup().people("read:users");
    for (let n = 0; n < 3; n += 1) {
      const user_metadata = { picture: `https://img.acme.com/${n}.png`, name: "Zoë\nLine" };
      setup().tenant.users.create({ user_id: `auth0|${n}`, email_verified: true, user_metadata });
    }
    const users = await exported(people);
    assert.deepEqual(
      users.map(({ user_id }) => user_id),
      ["auth0|0", "auth0|1", "auth0|2"],
    );
    assert.deepEqual(users[2]?.["user_metadata"], {
      picture: "https://img.acme.com/2.png",
      name: "Zoë\nLine",
    });
    assert.equal(users[2]["email_verified"], true);
  });
});
