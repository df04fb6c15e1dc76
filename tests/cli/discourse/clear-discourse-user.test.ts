import assert from "node:assert/strict";
import { clearDiscourseUser } from "../../../cli/discourse/sync-discourse-user.ts";
import { addAda, defaultUrl, forums, userAda } from "./forum.ts";

describe("clearing an avatar in Discourse", () => {
  const start = forums();

  it("refuses a user whom the forum does not know", async () => {
    const forum = await start();
    const result = await clearDiscourseUser(forum.connect(), userAda(), defaultUrl);
    assert.deepEqual([result.outcome, result.reason], ["refused", "no-account"]);
  });

  it("syncs the default image where single sign-on overrides avatars", async () => {
    const forum = await start();
    const ada = addAda(forum);
    const result = await clearDiscourseUser(forum.connect(), userAda(), defaultUrl);
    assert.deepEqual([result.outcome, result.reason], ["changed", "synced"]);
    assert.equal(forum.state.shownBy(ada), "the default");
  });

  it("claims no success where the default was sent before and the avatar stays", async () => {
    const forum = await start();
    const ada = addAda(forum);
    forum.state.pictures.clear();
    const discourse = forum.connect();
    assert.equal((await clearDiscourseUser(discourse, userAda(), defaultUrl)).reason, "avatar-not-changed");
    const result = await clearDiscourseUser(discourse, userAda(), defaultUrl);
    assert.deepEqual([result.outcome, result.reason], ["failed", "not-confirmed"]);
    assert.ok(result.message.includes(`${forum.url}/u/ada`));
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("sends no sync for a user whose email is not verified", async () => {
    const forum = await start();
    const ada = addAda(forum);
    const result = await clearDiscourseUser(forum.connect(), userAda({ emailVerified: false }), defaultUrl);
    assert.deepEqual([result.outcome, result.reason], ["refused", "email-not-verified"]);
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("takes the avatar away where it does not, for a user with an unverified email too", async () => {
    const forum = await start();
    const ada = addAda(forum);
    forum.state.settings.discourse_connect_overrides_avatar = false;
    const result = await clearDiscourseUser(forum.connect(), userAda({ emailVerified: false }), defaultUrl);
    assert.deepEqual([result.outcome, result.reason], ["changed", "picked"]);
    assert.equal(forum.state.shownBy(ada), undefined);
  });

  it("finds nothing to do where the account has no avatar", async () => {
    const forum = await start();
    forum.state.addAccount({ username: "ada" }, "auth0|ada");
    forum.state.settings.discourse_connect_overrides_avatar = false;
    const result = await clearDiscourseUser(forum.connect(), userAda(), defaultUrl);
    assert.deepEqual([result.outcome, result.reason], ["unchanged", "no-own-avatar"]);
  });

  it("reads the setting from the administrators' list where browsers are not told it", async () => {
    const forum = await start({
      before: ({ url }) => (url === "/site/settings.json" ? { status: 200, body: {} } : undefined),
    });
    const ada = addAda(forum);
    assert.equal(await forum.connect().avatarOverride(), "on");
    forum.state.settings.discourse_connect_overrides_avatar = false;
    await clearDiscourseUser(forum.connect(), userAda(), defaultUrl);
    assert.equal(forum.state.shownBy(ada), undefined);
  });

  it("syncs the default image where the setting cannot be read and picking is refused", async () => {
    const forum = await start({
      before: ({ url }) => (url.includes("settings") ? { status: 404 } : undefined),
    });
    const ada = addAda(forum);
    assert.equal(await forum.connect().avatarOverride(), "unknown");
    const result = await clearDiscourseUser(forum.connect(), userAda(), defaultUrl);
    assert.deepEqual([result.outcome, result.reason], ["changed", "synced"]);
    assert.equal(forum.state.shownBy(ada), "the default");
  });

  it("syncs the default image where another login method overrides avatars", async () => {
    const forum = await start();
    const ada = addAda(forum);
    Object.assign(forum.state.settings, {
      discourse_connect_overrides_avatar: false,
      auth_overrides_avatar: true,
    });
    assert.equal((await clearDiscourseUser(forum.connect(), userAda(), defaultUrl)).reason, "synced");
    assert.equal(forum.state.shownBy(ada), "the default");
  });

  it("stops for a granular key, which cannot pick avatars", async () => {
    const forum = await start({ scopes: ["users:show", "users:sync_sso", "read"] });
    const ada = addAda(forum);
    forum.state.settings.discourse_connect_overrides_avatar = false;
    await assert.rejects(clearDiscourseUser(forum.connect(), userAda(), defaultUrl), {
      code: "discourse-key-refused",
      message: /pick an account's avatar/,
    });
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("syncs the default image with a granular key that can read no setting", async () => {
    const forum = await start({ scopes: ["users:show", "users:sync_sso"] });
    const ada = addAda(forum);
    const result = await clearDiscourseUser(forum.connect(), userAda(), defaultUrl);
    assert.deepEqual([result.outcome, result.reason], ["changed", "synced"]);
    assert.equal(forum.state.shownBy(ada), "the default");
  });

  it("says what was refused where Discourse picks no avatar for another reason", async () => {
    const forum = await start({ before: ({ method }) => (method === "PUT" ? { status: 404 } : undefined) });
    const ada = addAda(forum);
    forum.state.settings.discourse_connect_overrides_avatar = false;
    const result = await clearDiscourseUser(forum.connect(), userAda(), defaultUrl);
    assert.deepEqual([result.outcome, result.reason], ["failed", "pick-refused"]);
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("does not take a 200 for a cleared avatar", async () => {
    const forum = await start({
      before: ({ method }) => (method === "PUT" ? { status: 200, body: { success: "OK" } } : undefined),
    });
    addAda(forum);
    forum.state.settings.discourse_connect_overrides_avatar = false;
    const result = await clearDiscourseUser(forum.connect(), userAda(), defaultUrl);
    assert.deepEqual([result.outcome, result.reason], ["failed", "avatar-not-changed"]);
  });
});
