import assert from "node:assert/strict";
import {
  createDecisions,
  type DecisionRequest,
  type Decisions,
} from "../../../../cli/console/decisions/decide.ts";
import type { Changed, Decided, Done, Refused } from "../../../../cli/console/decisions/decided.ts";
import { blocking, blockPlan } from "../../../../cli/people/block-plans.ts";
import { changePicture } from "../../../../cli/people/change-picture.ts";
import { nextLogin } from "../../../../cli/people/next-login.ts";
import type { People } from "../../../../cli/people/people.ts";
import { isReviewed } from "../../../../cli/people/review-state.ts";
import { seenOf } from "../../../../cli/people/seen-picture.ts";
import { undoLast } from "../../../../cli/people/undo.ts";
import { bundleActions } from "../../../../stack/bundle-actions.ts";
import { deployBundles } from "../../../actions/deploy-bundles.ts";
import { managementApi } from "../../../management-api.ts";
import { changeScopes, peopleOfTenant, settings } from "../../people/tenant-people.ts";

const kinds = [{ kind: "fine" }, { kind: "block", reason: "case 1" }, { kind: "clear" }] as const;

describe("a moderator's decision", () => {
  const setup = peopleOfTenant();
  let decisions: Decisions;
  beforeEach(() => {
    decisions = createDecisions();
    for (const id of ["a", "b", "c"]) create(id);
  });

  const own = (id: string) => `https://img.acme.com/${id}.png`;
  const create = (id: string) =>
    setup().tenant.users.create({
      user_id: `auth0|${id}`,
      user_metadata: { picture: own(id), theme: "dark" },
    });
  const moderator = () => setup().people(...changeScopes);
  const patch = (id: string, body: object) => setup().api("PATCH", `/users/auth0%7C${id}`, body);
  const seen = async (people: People, id: string) => {
    const user = await people.users.get(`auth0|${id}`);
    assert.ok(user);
    return { user, seen: seenOf(user) };
  };
  const request = async (people: People, id: string, decision: DecisionRequest["decision"]) => ({
    userId: `auth0|${id}`,
    seen: (await seen(people, id)).seen,
    decision,
  });
  const decide = async (people: People, id: string, decision: DecisionRequest["decision"]) =>
    decisions.decide(people, await request(people, id, decision));
  const reasonOf = async (people: People, id: string) =>
    nextLogin((await seen(people, id)).user, settings).reason;

  for (const decision of kinds) {
    it(`is refused to a client that may only read, with the remedy: ${decision.kind}`, async () => {
      const people = await setup().people("read:users");
      const refused = (await decide(people, "a", decision)) as Refused;
      assert.deepEqual(
        [refused.outcome, refused.code, refused.userId],
        ["refused", "scope-missing", "auth0|a"],
      );
      assert.match(refused.message, /lacks the scope update:users.*capabilities/);
    });

    it(`is refused where Auth0 refuses it, and can be made again: ${decision.kind}`, async () => {
      const limited = await setup().people("read:users");
      // As with a token that says nothing about its scopes.
      const people = { ...limited, access: { ...limited.access, scopes: [] } };
      const refused = (await decide(people, "a", decision)) as Refused;
      assert.deepEqual([refused.outcome, refused.code], ["refused", "auth0-forbidden"]);
      assert.match(refused.message, /update:users/);
      assert.deepEqual(people.journal.entries(), []);
      assert.equal(((await decisions.undoLast(people)) as Refused).code, "nothing-to-undo");
      assert.equal((await decide(await moderator(), "a", decision)).outcome, "done");
    });

    it(`is not made where a second moderator came first: the picture as it is now is given instead: ${decision.kind}`, async () => {
      const people = await moderator();
      const mine = await request(people, "a", decision);
      await patch("a", { app_metadata: { picture_blocked: true, picture_block: { reason: "case 2" } } });
      const changed = (await decisions.decide(people, mine)) as Changed;
      assert.deepEqual([changed.outcome, changed.code], ["changed", "changed-since-shown"]);
      assert.match(changed.message, /app_metadata\.picture_blocked, app_metadata\.picture_block/);
      assert.equal(nextLogin(changed.user, settings).reason, "blocked");
      assert.deepEqual(people.journal.entries(), []);
      // What is shown now can be decided.
      const again = await decisions.decide(people, { ...mine, seen: seenOf(changed.user) });
      assert.equal(again.outcome, "done");
    });

    it(`is right at the next login, and says what it was before: ${decision.kind}`, async () => {
      const people = await moderator();
      const done = (await decide(people, "a", decision)) as Done;
      const reason = { fine: "user", block: "blocked", clear: "removed" }[decision.kind];
      assert.deepEqual([done.outcome, done.before.reason, done.after.reason], ["done", "user", reason]);
      assert.equal(await reasonOf(people, "a"), reason);
      assert.deepEqual(
        people.journal.entries().map(({ id }) => id),
        [done.journalId],
      );
      const { user } = await seen(people, "a");
      assert.equal(isReviewed(user), decision.kind === "fine");
      assert.deepEqual(done.user, user);
      assert.equal((user["user_metadata"] as Record<string, unknown>)["theme"], "dark");
    });
  }

  it("is refused about a user who is gone", async () => {
    const people = await moderator();
    const mine = await request(people, "a", { kind: "fine" });
    await setup().api("DELETE", "/users/auth0%7Ca");
    assert.equal(((await decisions.decide(people, mine)) as Refused).code, "user-not-found");
  });

  it("is refused where a block has no reason", async () => {
    const people = await moderator();
    const refused = (await decide(people, "a", { kind: "block", reason: " " })) as Refused;
    assert.deepEqual([refused.outcome, refused.code], ["refused", "reason-missing"]);
  });

  it("that is there already is told, and is no decision to take back", async () => {
    const people = await moderator();
    await decide(people, "a", { kind: "fine" });
    const again = await decide(people, "a", { kind: "fine" });
    assert.deepEqual(again.outcome === "unchanged" && again.why, "It is already like this.");
    assert.equal((await decisions.undoLast(people)).outcome, "done");
    assert.equal(((await decisions.undoLast(people)) as Refused).code, "nothing-to-undo");
  });

  it("does not mind that another moderator found the picture fine meanwhile", async () => {
    const people = await moderator();
    const mine = await request(people, "a", { kind: "block", reason: "case 1" });
    await decide(people, "a", { kind: "fine" });
    assert.equal((await decisions.decide(people, mine)).outcome, "done");
  });

  it("is seen by a real login", async () => {
    const people = await moderator();
    const { tenant, certificates, application } = setup();
    const { domain, clientId, clientSecret } = tenant;
    const api = await managementApi({ domain, caFile: certificates.caFile, clientId, clientSecret });
    await deployBundles(api, bundleActions(settings));
    await api.close();
    await decide(people, "a", { kind: "fine" });
    await decide(people, "b", { kind: "block", reason: "case 1" });
    await decide(people, "c", { kind: "clear" });
    const app = await application();
    const shown = async (id: string) => (await app.login({ userId: `auth0|${id}` })).idTokenClaims["picture"];
    assert.deepEqual(
      [await shown("a"), await shown("b"), await shown("c")],
      [own("a"), settings.defaultUrl, settings.defaultUrl],
    );
    await decisions.undoLast(people);
    assert.equal(await shown("c"), own("c"));
  }).timeout(30_000);

  describe("of many at once", () => {
    const ids = Array.from({ length: 20 }, (_each, index) => `m${index + 10}`);
    const among = (index: number) =>
      index % 2 === 0 ? ({ kind: "fine" } as const) : ({ kind: "block", reason: `case ${index}` } as const);

    async function decideAll(people: People): Promise<Decided[]> {
      for (const id of ids) create(id);
      const requests = await Promise.all(ids.map((id, index) => request(people, id, among(index))));
      return Promise.all(requests.map((each) => decisions.decide(people, each)));
    }

    it("keeps the order, has all in the journal, and takes them back one by one", async () => {
      const people = await moderator();
      const all = await decideAll(people);
      assert.deepEqual(new Set(all.map(({ outcome }) => outcome)), new Set(["done"]));
      const users = people.journal.entries().map(({ user }) => user);
      assert.deepEqual(
        users,
        ids.map((id) => `auth0|${id}`),
      );
      for (const id of ids.toReversed().slice(0, 3)) {
        assert.equal(((await decisions.undoLast(people)) as Done).user.user_id, `auth0|${id}`);
        assert.equal(await reasonOf(people, id), "user");
      }
      assert.equal(await reasonOf(people, "m25"), "blocked");
    }).timeout(30_000);

    it("takes back the last one that was asked for, also where it is not done yet", async () => {
      const people = await moderator();
      const mine = await Promise.all([
        request(people, "a", { kind: "clear" }),
        request(people, "b", { kind: "block", reason: "case 1" }),
      ]);
      const all = mine.map((each) => decisions.decide(people, each));
      const undone = (await decisions.undoLast(people)) as Done;
      assert.deepEqual([undone.outcome, undone.user.user_id], ["done", "auth0|b"]);
      assert.deepEqual(
        (await Promise.all(all)).map(({ outcome }) => outcome),
        ["done", "done"],
      );
      assert.deepEqual([await reasonOf(people, "a"), await reasonOf(people, "b")], ["removed", "user"]);
    });
  });

  describe("is taken back", () => {
    it("only where nothing came after it, else refused as undo refuses, and the one before it is next", async () => {
      const people = await moderator();
      await decide(people, "a", { kind: "clear" });
      await decide(people, "b", { kind: "clear" });
      await patch("b", { user_metadata: { picture: "https://img.acme.com/new.png" } });
      const refused = (await decisions.undoLast(people)) as Refused;
      assert.deepEqual([refused.code, refused.userId], ["changed-since", "auth0|b"]);
      assert.match(refused.message, /auth0\|b was changed after clear of/);
      assert.equal(((await decisions.undoLast(people)) as Done).user.user_id, "auth0|a");
    });

    it("once more where Auth0 did not do it", async () => {
      const people = await moderator();
      await decide(people, "a", { kind: "clear" });
      const reading = await setup().people("read:users");
      assert.equal(((await decisions.undoLast(reading)) as Refused).code, "scope-missing");
      assert.equal((await decisions.undoLast(people)).outcome, "done");
    });

    it("of one user where one is named, and never where this console did not make it", async () => {
      const people = await moderator();
      await decide(people, "a", { kind: "clear" });
      await decide(people, "b", { kind: "clear" });
      const plan: Parameters<typeof changePicture>[1]["plan"] = (of, user) => blockPlan(of, user, "case 2");
      await changePicture(people, { command: "block", wanted: "auth0|c", yes: true, needs: blocking, plan });
      const none = (await decisions.undoLast(people, "auth0|c")) as Refused;
      assert.deepEqual([none.code, none.userId], ["nothing-to-undo", "auth0|c"]);
      assert.equal(((await decisions.undoLast(people, "auth0|a")) as Done).user.user_id, "auth0|a");
      assert.equal(((await decisions.undoLast(people)) as Done).user.user_id, "auth0|b");
      assert.equal(((await decisions.undoLast(people)) as Refused).code, "nothing-to-undo");
      assert.equal(await reasonOf(people, "c"), "blocked");
    });

    it("with that before it, where a command took it back meanwhile", async () => {
      const people = await moderator();
      await decide(people, "a", { kind: "clear" });
      await decide(people, "b", { kind: "clear" });
      await undoLast(people, "auth0|b", true);
      assert.equal(((await decisions.undoLast(people)) as Done).user.user_id, "auth0|a");
    });

    it("not where what was before it is forgotten", async () => {
      const people = await moderator();
      await decide(people, "a", { kind: "clear" });
      people.journal.forget("auth0|a");
      assert.equal(((await decisions.undoLast(people)) as Refused).code, "cannot-be-undone");
    });
  });
});
