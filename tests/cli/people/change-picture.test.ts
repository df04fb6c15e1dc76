import assert from "node:assert/strict";
import { blocking, blockPlan, unblockPlan } from "../../../cli/people/block-plans.ts";
import { changePicture, type ChangeTask } from "../../../cli/people/change-picture.ts";
import type { People } from "../../../cli/people/people.ts";
import { setRootPlan } from "../../../cli/people/set-root-plan.ts";
import { changeScopes, peopleOfTenant, settings } from "./tenant-people.ts";

const own = "https://img.acme.com/own.png";
const jane = {
  user_id: "auth0|jane",
  email: "jane@acme.com",
  picture: "https://www.gravatar.com/avatar/1",
  user_metadata: { picture: own, theme: "dark" },
};
const google = {
  user_id: "google-oauth2|7",
  name: "Sofia",
  picture: "https://lh3.googleusercontent.com/a/s",
};

const clear: ChangeTask = {
  command: "clear",
  wanted: jane.user_id,
  yes: true,
  plan: () => ({ change: { "user_metadata.picture": "" } }),
};

describe("changing a picture", () => {
  const setup = peopleOfTenant();
  beforeEach(() => {
    for (const user of [jane, google]) setup().tenant.users.create(user);
  });

  const profile = async (id = jane.user_id) =>
    (await setup().api("GET", `/users/${encodeURIComponent(id)}`)).body as unknown as Record<string, unknown>;

  it("stops before anything is asked where the client may not do it", async () => {
    const people = await setup().people("read:users", "update:users_app_metadata");
    await assert.rejects(changePicture(people, { ...clear, yes: undefined }), {
      code: "scope-missing",
      message: /update:users\..*capability|update:users.*change/,
    });
    assert.deepEqual(people.journal.entries(), []);
  });

  it("asks, and changes nothing where nobody can answer", async () => {
    const people = await setup().people(...changeScopes);
    await assert.rejects(changePicture(people, { ...clear, yes: undefined }), {
      code: "confirmation-needed",
      message:
        /auth0\|jane\n {2}now: +https:\/\/img\.acme\.com\/own\.png \(user:.*\n {2}next login: .*default\.png \(removed/,
    });
    assert.deepEqual((await profile())["user_metadata"], jane.user_metadata);
    assert.deepEqual(people.journal.entries(), []);
  });

  it("changes nothing where somebody else changed the picture after the question", async () => {
    const people = await setup().people(...changeScopes);
    const prepare = async () => {
      await setup().api("PATCH", "/users/auth0%7Cjane", { user_metadata: { picture: null } });
    };
    const plan = () => ({
      ...(clear.plan as () => object)(),
      change: { "user_metadata.picture": "" },
      prepare,
    });
    await assert.rejects(changePicture(people, { ...clear, plan }), { code: "changed-meanwhile" });
    assert.deepEqual((await profile())["user_metadata"], { theme: "dark" });
  });

  it("blocks also where the picture was changed after the question, and not where the block was", async () => {
    const people = await setup().people(...changeScopes);
    const blocked = (reason: string, prepared: object) =>
      changePicture(people, {
        command: "block",
        wanted: jane.user_id,
        yes: true,
        needs: blocking,
        plan: (of, user) => ({
          ...blockPlan(of, user, reason),
          prepare: async () => {
            await setup().api("PATCH", "/users/auth0%7Cjane", prepared);
          },
        }),
      });
    await blocked("case 1", { user_metadata: { picture: "" } });
    const { app_metadata: block } = (await profile()) as { app_metadata: Record<string, unknown> };
    assert.equal(block["picture_blocked"], true);
    const unblocked = { app_metadata: { picture_blocked: false } };
    await assert.rejects(blocked("case 2", unblocked), { code: "changed-meanwhile" });
  });

  it("says what the next login shows, and keeps others' metadata", async () => {
    const people = await setup().people(...changeScopes);
    const { json, text } = await changePicture(people, clear);
    const { journalId, ...rest } = json as Record<string, unknown>;
    assert.equal(typeof journalId, "string");
    assert.deepEqual(rest, {
      stack: "dev",
      command: "clear",
      userId: jane.user_id,
      changed: true,
      before: { picture: own, reason: "user" },
      after: { picture: settings.defaultUrl, reason: "removed" },
    });
    assert.match(
      text,
      /\n {2}before: +https.*\n {2}next login: .*\nDone\. Tokens that are already issued keep/,
    );
    assert.deepEqual((await profile())["user_metadata"], { picture: "", theme: "dark" });
  });

  it("writes nothing where there is nothing to change", async () => {
    const people = await setup().people(...changeScopes);
    await changePicture(people, clear);
    const { json } = await changePicture(people, clear);
    assert.deepEqual([(json as { changed: boolean }).changed, people.journal.entries().length], [false, 1]);
  });

  it("blocks with a client that may change app_metadata only, and keeps who did what", async () => {
    const people = await setup().people("read:users", "update:users_app_metadata");
    const task = { wanted: jane.user_id, yes: true, needs: blocking };
    const plan = (of: People, user: Parameters<typeof blockPlan>[1]) => blockPlan(of, user, " case 1 ");
    await changePicture(people, { ...task, command: "block", plan });
    const block = { reason: "case 1", at: "2026-11-21T12:00:00.000Z", by: people.clientId };
    assert.deepEqual((await profile())["app_metadata"], { picture_blocked: true, picture_block: block });
    const { json } = await changePicture(people, { ...task, command: "unblock", plan: unblockPlan });
    assert.deepEqual((json as { after: unknown }).after, { picture: own, reason: "user" });
    assert.deepEqual((await profile())["app_metadata"], {
      picture_blocked: false,
      picture_block: { ...block, unblockedAt: block.at, unblockedBy: people.clientId },
    });
  });

  describe("of a user with a switch that is neither on nor off", () => {
    const blockedAs = (flag: unknown) => ({ app_metadata: { picture_blocked: flag } });
    const task = (command: string, plan: ChangeTask["plan"]): ChangeTask => ({
      command,
      wanted: jane.user_id,
      yes: true,
      plan,
    });
    const block = task("block", (of, user) => blockPlan(of, user, "case 1"));
    const gravatar = (state: "on" | "off") =>
      task("gravatar", () => ({
        change: { "user_metadata.gravatar_disabled": state === "off" ? true : null },
      }));
    const blockWords =
      "block-ineffective: nothing is blocked: app_metadata.picture_blocked is set, but not to true";
    const gravatarWords =
      "gravatar-ineffective: the Gravatar stays: user_metadata.gravatar_disabled is set, but not to true or false";

    async function changed(user: object, change: ChangeTask) {
      await setup().api("PATCH", "/users/auth0%7Cjane", user);
      return (await changePicture(await setup().people(...changeScopes), change)).text;
    }

    for (const flag of ["true", 1, { by: "moderator" }]) {
      it(`is told at a block that nothing was blocked until now: ${JSON.stringify(flag)}`, async () => {
        const text = await changed(blockedAs(flag), block);
        assert.ok(text.includes(`  Until now: ${blockWords}.\n`), text);
        assert.equal((await profile())["app_metadata"] instanceof Object, true);
        const again = await changed({}, task("unblock", unblockPlan));
        assert.doesNotMatch(again, /ineffective/);
      });
    }

    it("is told while another command leaves it so, and where it changes nothing", async () => {
      const text = await changed(blockedAs("true"), gravatar("off"));
      assert.ok(text.includes(`  ${blockWords}. Block it (pictures block), or unblock it`), text);
      assert.match(await changed({}, gravatar("off")), /block-ineffective: .*\n.*It is already like this\./);
    });

    it("is told before the question, too", async () => {
      await setup().api("PATCH", "/users/auth0%7Cjane", blockedAs("true"));
      const people = await setup().people(...changeScopes);
      await assert.rejects(changePicture(people, { ...block, yes: undefined }), (error: Error) =>
        error.message.includes(`Until now: ${blockWords}.`),
      );
    });

    for (const state of ["on", "off"] as const) {
      it(`is told when the Gravatar is switched ${state}`, async () => {
        const text = await changed({ user_metadata: { gravatar_disabled: "yes" } }, gravatar(state));
        assert.ok(text.includes(`  Until now: ${gravatarWords}.\n`), text);
      });
    }

    it("is unblocked for good, without an end of a block that never was", async () => {
      const text = await changed(blockedAs("true"), task("unblock", unblockPlan));
      assert.ok(text.includes(`Until now: ${blockWords}.`), text);
      assert.deepEqual((await profile())["app_metadata"], { picture_blocked: false });
    });
  });

  describe("of the root", () => {
    const url = "https://img.acme.com/root.png";
    const setRoot = (wanted: string): ChangeTask => ({
      command: "set-root",
      wanted,
      yes: true,
      plan: (people, user) => setRootPlan(people, user, url, false),
    });

    it("is refused with the remedy while the connection syncs at each login", async () => {
      const scopes = [...changeScopes, "read:connections", "read:connections_options"];
      const people = await setup().people(...scopes);
      await assert.rejects(changePicture(people, setRoot(google.user_id)), {
        code: "root-picture-synced",
        message: /Connection google-oauth2 overwrites.*pictures set.*config key connections/,
      });
      assert.deepEqual(people.journal.entries(), []);
    });

    it("is refused by Auth0 where the client cannot see the connection, and was then never done", async () => {
      const people = await setup().people(...changeScopes);
      await assert.rejects(changePicture(people, setRoot(google.user_id)), { code: "root-picture-synced" });
      assert.deepEqual(people.journal.entries(), []);
      assert.equal((await profile(google.user_id))["picture"], google.picture);
    });

    it("takes only what a login would show", async () => {
      const people = await setup().people(...changeScopes);
      const plan: ChangeTask["plan"] = (of, user) =>
        setRootPlan(of, user, "http://img.acme.com/a.png", false);
      await assert.rejects(changePicture(people, { ...setRoot(jane.user_id), plan }), {
        code: "picture-url-not-allowed",
        message: /https/,
      });
    });

    it("is set for a database user", async () => {
      const people = await setup().people(...changeScopes);
      await changePicture(people, setRoot(jane.user_id));
      assert.equal((await profile())["picture"], url);
    });
  });
});
