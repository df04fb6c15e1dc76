import assert from "node:assert/strict";
import { requireSuccess } from "../../../cli/discourse/discourse-result.ts";
import { syncDiscourseUser } from "../../../cli/discourse/sync-discourse-user.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { addAda, defaultUrl, forums, ownUrl, userAda } from "./forum.ts";

describe("a sync to Discourse", () => {
  const start = forums();

  it("creates no account where nobody has the external id, not even one with the user's email", async () => {
    const forum = await start();
    const victim = forum.state.addAccount({ username: "victim", email: "ada@acme.com" });
    const user = { ...userAda(), email: "ada@acme.com", name: "Ada" };
    const result = await syncDiscourseUser(forum.connect(), user);
    assert.deepEqual([result.outcome, result.reason], ["refused", "no-account"]);
    assert.deepEqual(
      forum.state.accounts.map(({ username }) => username),
      ["system", "victim"],
    );
    assert.equal(forum.state.shownBy(victim), undefined);
  });

  it("takes no account over where the mapping vanishes between look and sync", async () => {
    const forum = await start({
      before: ({ url }) => {
        if (url.startsWith("/admin/users/sync_sso")) forum.state.records.clear();
        return undefined;
      },
    });
    const ada = addAda(forum);
    ada.email = "ada@acme.com";
    const result = await syncDiscourseUser(forum.connect(), { ...userAda(), email: "ada@acme.com" } as never);
    assert.deepEqual([result.outcome, result.reason], ["failed", "sync-refused"]);
    assert.equal(forum.state.records.size, 0);
    assert.equal(forum.state.accounts.length, 2);
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("says so where the external id was given to another account meanwhile", async () => {
    const forum = await start({
      before: ({ url }) => {
        const other = forum.state.accounts.find(({ username }) => username === "bob");
        const record = { accountId: other?.id ?? 0, avatarUrl: undefined };
        if (url.startsWith("/admin/users/sync_sso")) forum.state.records.set("auth0|ada", record);
        return undefined;
      },
    });
    addAda(forum);
    forum.state.addAccount({ username: "bob" });
    const result = await syncDiscourseUser(forum.connect(), userAda());
    assert.deepEqual([result.outcome, result.reason], ["failed", "other-account"]);
  });

  for (const [what, changes, reason] of [
    ["whose email is not verified", { emailVerified: false }, "email-not-verified"],
    ["without what the mapping names", { externalId: undefined }, "no-external-id"],
    ["whose external id is a word that Discourse refuses", { externalId: "NULL" }, "no-external-id"],
    ["whose external id ends as the lookup's address does", { externalId: "ada.json" }, "no-external-id"],
    ["without a picture", { pictureUrl: "" }, "no-picture-url"],
    ["with a picture over http", { pictureUrl: "http://img.acme.com/a.png" }, "no-picture-url"],
  ] as const) {
    it(`refuses a user ${what}, and changes nothing`, async () => {
      const forum = await start();
      const ada = addAda(forum);
      const result = await syncDiscourseUser(forum.connect(), userAda(changes));
      assert.deepEqual([result.outcome, result.reason], ["refused", reason]);
      assert.throws(() => requireSuccess(result), { code: `discourse-${reason}` });
      assert.equal(forum.state.shownBy(ada), "an older picture");
    });
  }

  it("refuses a picture that the probe cannot fetch, with the probe's words", async () => {
    const forum = await start();
    const ada = addAda(forum);
    const probe = () => Promise.reject(new ExpectedError("probe-failed", "it answers 404."));
    const result = await syncDiscourseUser(forum.connect({ probe }), userAda());
    assert.equal(result.reason, "picture-unreachable");
    assert.match(result.message, /it answers 404/);
    assert.equal(forum.state.records.get("auth0|ada")?.avatarUrl, undefined);
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("shows the user's picture once Discourse has fetched it, and changes nothing else", async () => {
    const forum = await start({ jobDelayMs: 20_000 });
    const ada = addAda(forum);
    Object.assign(forum.state.settings, { auth_overrides_email: true, auth_overrides_username: true });
    ada.active = false;
    const { id, username, email } = ada;
    const result = await syncDiscourseUser(forum.connect(), { ...userAda(), email: "new@acme.com" } as never);
    assert.deepEqual([result.outcome, result.reason, result.username], ["changed", "synced", "ada"]);
    assert.equal(forum.state.shownBy(ada), "Ada's face");
    assert.deepEqual(
      { id: ada.id, username: ada.username, email: ada.email, active: ada.active },
      { id, username, email, active: false },
    );
  });

  it("fetches again from an address that was sent before and has another content now", async () => {
    const forum = await start();
    const ada = addAda(forum);
    const discourse = forum.connect();
    await syncDiscourseUser(discourse, userAda());
    forum.state.pictures.set(ownUrl, "Ada, older");
    assert.equal((await syncDiscourseUser(discourse, userAda())).outcome, "changed");
    assert.equal(forum.state.shownBy(ada), "Ada, older");
  });

  it("finds the picture unchanged where it was synced before", async () => {
    const forum = await start();
    const ada = addAda(forum);
    const discourse = forum.connect();
    await syncDiscourseUser(discourse, userAda());
    const result = await syncDiscourseUser(discourse, userAda());
    assert.deepEqual([result.outcome, result.reason], ["unchanged", "same-picture"]);
    assert.equal(forum.state.shownBy(ada), "Ada's face");
  });

  it("does not take a 200 for a change: it names the picture, the setting and the log to read", async () => {
    const forum = await start();
    addAda(forum);
    forum.state.pictures.clear();
    const result = await syncDiscourseUser(forum.connect(), userAda());
    assert.deepEqual([result.outcome, result.reason], ["failed", "avatar-not-changed"]);
    assert.match(result.message, /same after 60 s/);
    assert.match(result.message, /discourse_connect_overrides_avatar is on/);
    assert.ok(result.message.includes(`fetch ${ownUrl}`));
    assert.match(result.message, /verbose discourse connect logging/);
    assert.ok(result.message.includes(`${forum.url}/logs`));
  });

  it("names the override setting first where it is off and a Gravatar stays", async () => {
    const forum = await start();
    const ada = addAda(forum);
    forum.state.settings.discourse_connect_overrides_avatar = false;
    ada.gravatarUploadId = ada.uploadedAvatarId = forum.state.upload("a Gravatar");
    const result = await syncDiscourseUser(forum.connect(), userAda());
    assert.equal(result.reason, "avatar-not-changed");
    assert.match(result.message.split("\n")[1] ?? "", /discourse_connect_overrides_avatar is off/);
    assert.equal(forum.state.shownBy(ada), "a Gravatar");
  });

  it("works with a granular key for lookup and sync only, which cannot read the setting", async () => {
    const forum = await start({ scopes: ["users:show", "users:sync_sso"] });
    const ada = addAda(forum);
    const discourse = forum.connect();
    assert.equal((await syncDiscourseUser(discourse, userAda())).outcome, "changed");
    assert.equal(forum.state.shownBy(ada), "Ada's face");
    forum.state.pictures.clear();
    const result = await syncDiscourseUser(discourse, userAda({ pictureUrl: defaultUrl }));
    assert.match(result.message, /may not read the site setting discourse_connect_overrides_avatar/);
  });

  it("finds an account by an external id of any characters", async () => {
    const forum = await start();
    const id = "oauth2|acme idp|a+b?c&d=é%2F.x";
    forum.state.pictures.set(ownUrl, "a face");
    const account = forum.state.addAccount({ username: "eve" }, id);
    assert.equal((await syncDiscourseUser(forum.connect(), userAda({ externalId: id }))).outcome, "changed");
    assert.equal(forum.state.shownBy(account), "a face");
  });
});

describe("a sync that concerns every user", () => {
  const start = forums();

  for (const [what, env, code] of [
    ["a wrong key", { DISCOURSE_API_KEY: "wrong-key-5e1f" }, "discourse-key-refused"],
    ["a wrong secret", { DISCOURSE_CONNECT_SECRET: "wrong secret 5e1f" }, "discourse-secret-refused"],
    ["a user who is no administrator", { DISCOURSE_API_USERNAME: "ada" }, "discourse-connect-off"],
  ] as const) {
    it(`stops for ${what}, without showing a secret`, async () => {
      const forum = await start();
      const ada = addAda(forum);
      await assert.rejects(
        syncDiscourseUser(forum.connect({}, env), userAda()),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, code);
          const shown = `${error.message} ${String(error.stack)} ${JSON.stringify(error)}`;
          for (const secret of [forum.apiKey, forum.connectSecret, "5e1f"])
            assert.ok(!shown.includes(secret));
          return true;
        },
      );
      assert.equal(forum.state.shownBy(ada), "an older picture");
    });
  }

  it("stops where DiscourseConnect is off", async () => {
    const forum = await start();
    addAda(forum);
    forum.state.settings.enable_discourse_connect = false;
    await assert.rejects(syncDiscourseUser(forum.connect(), userAda()), {
      code: "discourse-connect-off",
      message: /enable_discourse_connect/,
    });
  });

  it("stops where the address is no forum's", async () => {
    const forum = await start({ before: () => ({ status: 200, body: { hello: "world" } }) });
    await assert.rejects(syncDiscourseUser(forum.connect(), userAda()), {
      code: "discourse-answer-unexpected",
    });
  });
});
