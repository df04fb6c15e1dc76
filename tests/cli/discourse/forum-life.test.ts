import assert from "node:assert/strict";
import type { Discourse, DiscourseOptions } from "../../../cli/discourse/discourse.ts";
import type { DiscourseCounts } from "../../../cli/discourse/discourse-result.ts";
import { syncForum } from "../../../cli/discourse/sync-forum.ts";
import { peopleOfTenant } from "../people/tenant-people.ts";
import { forums, type Forum } from "./forum.ts";

const count = 500;
const urlOf = (number: number) => `https://img.acme.com/users/${number}.png`;
const facesOf = (forum: Forum) =>
  forum.state.accounts.slice(1).map((account) => forum.state.shownBy(account));

describe("a sync of all users of a tenant", function () {
  this.timeout(120_000);
  const setup = peopleOfTenant();
  const start = forums();
  const faces = Array.from({ length: count }, (_, number) => `face ${number}`);
  const fetchPicture: DiscourseOptions["fetchPicture"] = (url) =>
    Promise.resolve({
      content: Buffer.from(`face ${url.replace(/\D/g, "")}`),
      contentType: "image/png",
    });

  beforeEach(() => {
    for (let number = 0; number < count; number += 1) {
      setup().tenant.users.create({
        user_id: `auth0|${number}`,
        email: `${number}@acme.com`,
        email_verified: true,
        user_metadata: { picture: urlOf(number) },
      });
    }
  });

  async function syncAll(discourse: Discourse) {
    const people = await setup().people("read:users");
    const { json } = await syncForum({ people, discourse, yes: true, progress: () => undefined });
    return (json as { counts: DiscourseCounts }).counts;
  }

  for (const way of ["DiscourseConnect", "OpenID Connect"] as const) {
    it(`is stopped by a limit of hours, and goes on where it stopped, by ${way}`, async () => {
      let asked = 0;
      let mostAsked = 900;
      const forum = await start({
        requestsPerMinute: 60,
        before: () => {
          asked += 1;
          return asked > mostAsked ? { status: 429, body: { extras: { wait_seconds: 86_400 } } } : undefined;
        },
      });
      addAccounts(forum, way);
      const env = way === "DiscourseConnect" ? {} : { DISCOURSE_CONNECT_SECRET: "" };
      const discourse = () => forum.connect(way === "DiscourseConnect" ? {} : { fetchPicture }, env);
      await assert.rejects(syncAll(discourse()), { code: "discourse-rate-limited" });
      const before = facesOf(forum).filter((face) => face !== undefined).length;
      assert.ok(before > 0 && before < count, `${before} were done`);

      [asked, mostAsked] = [0, Infinity];
      const { outcomes } = await syncAll(discourse());
      assert.deepEqual(facesOf(forum), faces);
      assert.deepEqual([outcomes.refused, outcomes.failed], [0, 0]);
      assert.equal(outcomes.changed + outcomes.unchanged, count);
      assert.ok(outcomes.unchanged > 0, "what was done is not done again");
      assert.ok(forum.refusals() > 0, "the limit was met");
    });
  }

  function addAccounts({ state }: Forum, way: "DiscourseConnect" | "OpenID Connect"): void {
    const isConnect = way === "DiscourseConnect";
    Object.assign(state.settings, {
      enable_discourse_connect: isConnect,
      discourse_connect_overrides_avatar: isConnect,
      openid_connect_enabled: !isConnect,
    });
    for (let number = 0; number < count; number += 1) {
      const id = `auth0|${number}`;
      state.pictures.set(urlOf(number), `face ${number}`);
      const account = state.addAccount({ username: `user${number}` }, isConnect ? id : undefined);
      if (!isConnect) state.associated.set(`oidc ${id}`, account.id);
    }
  }
});
