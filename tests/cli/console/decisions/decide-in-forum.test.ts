import assert from "node:assert/strict";
import { createDecisions, type Judgement } from "../../../../cli/console/decisions/decide.ts";
import type { Done, Refused } from "../../../../cli/console/decisions/decided.ts";
import { isBlocked } from "../../../../cli/people/block-state.ts";
import type { People } from "../../../../cli/people/people.ts";
import { seenOf } from "../../../../cli/people/seen-picture.ts";
import { systemClock } from "../../../../lib/clock.ts";
import {
  startLocalDiscourse,
  type LocalDiscourse,
  type LocalDiscourseOptions,
} from "../../discourse/local-discourse.ts";
import { changeScopes, peopleOfTenant, settings } from "../../people/tenant-people.ts";

const ada = {
  user_id: "auth0|ada",
  email: "ada@acme.com",
  email_verified: true,
  user_metadata: { picture: "https://img.acme.com/ada.png" },
};

describe("a decision that clears the forum's avatar too", () => {
  const setup = peopleOfTenant();
  const started: LocalDiscourse[] = [];
  beforeEach(() => setup().tenant.users.create(ada));
  afterEach(async () => {
    await Promise.all(started.splice(0).map((forum) => forum.close()));
  });

  async function forum(options: Partial<LocalDiscourseOptions> = {}) {
    const local = await startLocalDiscourse({ clock: systemClock, jobDelayMs: 10, ...options });
    started.push(local);
    local.state.pictures.set(settings.defaultUrl, "the default");
    const old = local.state.upload("an older picture");
    const fields = { username: "ada", uploadedAvatarId: old, customUploadId: old };
    const account = local.state.addAccount(fields, ada.user_id);
    return { ...local, shown: () => local.state.shownBy(account) };
  }

  async function peopleWith({ url, apiKey, connectSecret }: LocalDiscourse): Promise<People> {
    const people = await setup().people(...changeScopes);
    const variables = {
      DISCOURSE_URL: url,
      DISCOURSE_API_KEY: apiKey,
      DISCOURSE_CONNECT_SECRET: connectSecret,
    };
    return { ...people, env: { ...people.env, ...variables } };
  }

  const request = async (people: People, decision: Judgement) => {
    const user = await people.users.get(ada.user_id);
    assert.ok(user);
    return { userId: ada.user_id, seen: seenOf(user), decision, discourse: true };
  };

  it("is not made where the forum's settings are wrong, and is made once they are right", async () => {
    const decisions = createDecisions({ probe: false });
    const right = await peopleWith(await forum());
    const wrong = { ...right, env: { ...right.env, DISCOURSE_URL: "nowhere" } };
    const mine = await request(right, { kind: "block", reason: "case 1" });
    const refused = (await decisions.decide(wrong, mine)) as Refused;
    assert.equal(refused.outcome, "refused");
    assert.match(refused.message, /DISCOURSE_URL/);
    assert.deepEqual(right.journal.entries(), []);
    assert.equal((await decisions.decide(right, mine)).outcome, "done");
  });

  for (const decision of [{ kind: "block", reason: "case 1" }, { kind: "clear" }] as const) {
    it(`stands where the forum refuses, which is told, and can be taken back: ${decision.kind}`, async () => {
      const decisions = createDecisions({ probe: false });
      const people = await peopleWith(await forum({ before: () => ({ status: 404, body: {} }) }));
      const done = (await decisions.decide(people, await request(people, decision))) as Done;
      assert.deepEqual([done.outcome, done.failedAfter?.code.startsWith("discourse")], ["done", true]);
      assert.deepEqual([done.before.reason, done.after.picture], ["user", settings.defaultUrl]);
      const undone = (await decisions.undoLast(people)) as Done;
      assert.deepEqual(
        [undone.outcome, undone.after.reason, isBlocked(undone.user)],
        ["done", "user", false],
      );
    });

    it(`is shown there, and its undoing says that the avatar stays: ${decision.kind}`, async () => {
      const decisions = createDecisions({ probe: false });
      const local = await forum();
      const people = await peopleWith(local);
      const done = (await decisions.decide(people, await request(people, decision))) as Done;
      assert.deepEqual([done.outcome, done.failedAfter], ["done", undefined]);
      assert.match(done.lines.join(), /^Discourse: /);
      assert.equal(local.shown(), "the default");
      const undone = (await decisions.undoLast(people)) as Done;
      assert.match(undone.lines.join(), /avatar in Discourse stays cleared\. pictures discourse sync/);
    });
  }

  it("holds up no other decision while the forum takes its time", async () => {
    setup().tenant.users.create({ ...ada, user_id: "auth0|bob", email: "bob@acme.com" });
    const local = await forum({ jobDelayMs: 700 });
    const people = await peopleWith(local);
    const decisions = createDecisions({ probe: false });
    const bob = { ...(await request(people, { kind: "fine" })), userId: "auth0|bob" };
    const slow = decisions.decide(people, await request(people, { kind: "block", reason: "case 1" }));
    assert.equal((await decisions.decide(people, bob)).outcome, "done");
    assert.equal(local.shown(), "an older picture");
    assert.equal((await slow).outcome, "done");
    assert.equal(local.shown(), "the default");
  });

  it("touches no avatar where the picture is fine", async () => {
    const local = await forum();
    const people = await peopleWith(local);
    const decisions = createDecisions({ probe: false });
    const done = (await decisions.decide(people, await request(people, { kind: "fine" }))) as Done;
    assert.deepEqual([done.outcome, done.lines, local.shown()], ["done", [], "an older picture"]);
  });
});
