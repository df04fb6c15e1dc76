import assert from "node:assert/strict";
import { blocking, blockPlan } from "../../../cli/people/block-plans.ts";
import { changePicture, type ChangeTask } from "../../../cli/people/change-picture.ts";
import { forgetPlan } from "../../../cli/people/forget-plan.ts";
import type { JournalEntry } from "../../../cli/people/journal.ts";
import type { People } from "../../../cli/people/people.ts";
import { hashOf } from "../../../cli/people/picture-change.ts";
import { reviewPlan } from "../../../cli/people/review-plan.ts";
import { isReviewed, reviewNote } from "../../../cli/people/review-state.ts";
import { showUser } from "../../../cli/people/show-user.ts";
import { undoLast } from "../../../cli/people/undo.ts";
import { sha256 } from "../../../lib/hash.ts";
import { changeScopes, peopleOfTenant } from "./tenant-people.ts";

const own = "https://img.acme.com/own.png";
const jane = { user_id: "auth0|jane", user_metadata: { picture: own, theme: "dark" } };
const at = "2026-11-21T12:00:00.000Z";
const moderator = ["read:users", "update:users_app_metadata"];

const review: ChangeTask = {
  command: "review",
  wanted: jane.user_id,
  yes: true,
  needs: blocking,
  plan: reviewPlan,
};

describe("the mark of a review", () => {
  const marked = (picture_reviewed: unknown, picture: unknown = own) => ({
    user_id: jane.user_id,
    user_metadata: { picture },
    app_metadata: { picture_reviewed },
  });
  const mark = { url: sha256(own), by: "abc", at };

  for (const [name, other] of [
    ["true", true],
    ["a hash alone", mark.url],
    ["a mark without a time", { url: mark.url, by: "abc" }],
    ["a mark without a client", { url: mark.url, at }],
    ["a list", [mark]],
    ["a mark of another URL", { ...mark, url: sha256(`${own}?v=2`) }],
  ] as const) {
    it(`does not count as ${name}`, () => assert.equal(isReviewed(marked(other)), false));
  }

  for (const picture of [null, "", "  ", 7, [own]]) {
    it(`is of no own picture that is ${JSON.stringify(picture)}`, () => {
      assert.equal(isReviewed(marked({ ...mark, url: sha256("") }, picture)), false);
      assert.equal(isReviewed(marked(mark, picture)), false);
    });
  }

  it("is of the URL without white space around it, and names the client and the time", () => {
    assert.equal(isReviewed(marked(mark, ` ${own}\n`)), true);
    assert.equal(reviewNote(marked(mark)), `judged fine by client abc on ${at}`);
    assert.equal(reviewNote(marked({ ...mark, by: "\u001b[1m" }))?.includes("\u001b"), false);
  });
});

describe("reviewing a picture", () => {
  const setup = peopleOfTenant();
  beforeEach(() => setup().tenant.users.create(jane));
  const profile = async () =>
    (await setup().api("GET", "/users/auth0%7Cjane")).body as unknown as Record<string, unknown>;
  const patch = (body: object) => setup().api("PATCH", "/users/auth0%7Cjane", body);

  it("is refused to a client that may only read", async () => {
    await assert.rejects(changePicture(await setup().people("read:users"), review), {
      code: "scope-missing",
    });
    assert.equal("app_metadata" in (await profile()), false);
  });

  it("is refused where there is no own picture", async () => {
    await patch({ user_metadata: { picture: " " } });
    const people = await setup().people(...moderator);
    await assert.rejects(changePicture(people, review), { code: "nothing-to-review" });
    assert.deepEqual(people.journal.entries(), []);
  });

  it("leaves what a login shows, is told by show, and is undone by a client of the same scope", async () => {
    const people = await setup().people(...moderator);
    const { text } = await changePicture(people, review);
    assert.match(text, /a login shows, as before: https:\/\/img\.acme\.com\/own\.png/);
    const shown = await showUser(people, jane.user_id, []);
    assert.match(shown.text, new RegExp(`reviewed: {4}judged fine by client ${people.clientId} on ${at}`));
    const json = shown.json as Record<string, unknown>;
    assert.deepEqual(json["reviewed"], { by: people.clientId, at });
    assert.equal((await changePicture(people, review)).text.includes("It is already like this."), true);
    await undoLast(people, undefined, true);
    assert.equal("app_metadata" in (await profile()), false);
  });

  it("ends with the picture: another one is new", async () => {
    const people = await setup().people(...moderator);
    await changePicture(people, review);
    await patch({ user_metadata: { picture: "https://img.acme.com/2.png" } });
    const { json, text } = await showUser(people, jane.user_id, []);
    assert.equal((json as Record<string, unknown>)["reviewed"], null);
    assert.doesNotMatch(text, /reviewed/);
    await changePicture(people, review);
    const { app_metadata } = (await profile()) as { app_metadata: { picture_reviewed: { url: string } } };
    assert.equal(app_metadata.picture_reviewed.url, sha256("https://img.acme.com/2.png"));
  });

  it("says that a blocked picture stays blocked", async () => {
    const people = await setup().people(...moderator);
    const plan: ChangeTask["plan"] = (of, user) => blockPlan(of, user, "case 1");
    await changePicture(people, { ...review, command: "block", plan });
    const { text } = await changePicture(people, review);
    assert.match(text, /It is blocked \(.*case 1\), and stays so/);
    assert.match(text, /\(blocked: /);
  });

  it("of another moderator holds up no other change", async () => {
    const people = await setup().people(...changeScopes);
    const prepare = async () => {
      await patch({ app_metadata: { picture_reviewed: { url: sha256(own), by: "other", at } } });
    };
    const plan = () => ({ change: { "user_metadata.picture": "" }, prepare });
    await changePicture(people, { command: "clear", wanted: jane.user_id, yes: true, plan });
    assert.deepEqual((await profile())["user_metadata"], { picture: "", theme: "dark" });
  });

  it("is forgotten with the picture, also where that was removed before", async () => {
    const people = await setup().people(...changeScopes);
    const user = { ...jane, app_metadata: { picture_reviewed: true } };
    const { change } = await forgetPlan(people, user);
    assert.deepEqual(change, { "user_metadata.picture": null, "app_metadata.picture_reviewed": null });
    const removed = { ...user, user_metadata: { picture: "" } };
    assert.deepEqual((await forgetPlan(people, removed)).change, { "app_metadata.picture_reviewed": null });
  });

  it("leaves what was written before it undoable, by the hashes of that time", async () => {
    const people = await setup().people(...changeScopes);
    await patch({ user_metadata: { picture: "" } });
    people.journal.append(formerEntry(people));
    await patch({ app_metadata: { picture_reviewed: { url: sha256(own), by: "other", at } } });
    await undoLast(people, jane.user_id, true);
    assert.deepEqual((await profile())["user_metadata"], { picture: own, theme: "dark" });
  });

  /** A `clear` as it was noted before there were reviews. */
  function formerEntry({ clientId }: People): JournalEntry {
    const before = { "user_metadata.picture": own };
    return {
      id: "former",
      at: "2026-10-01T00:00:00.000Z",
      stack: "dev",
      command: "clear",
      client: clientId,
      user: jane.user_id,
      keys: ["user_metadata.picture"],
      hashBefore: hashOf(before),
      hashAfter: sha256('{"user_metadata.picture":""}'),
      before,
    };
  }
});
