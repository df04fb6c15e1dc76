import assert from "node:assert/strict";
import type { DiscourseOptions } from "../../../cli/discourse/discourse.ts";
import { clearDiscourseUser, syncDiscourseUser } from "../../../cli/discourse/sync-discourse-user.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { addAdaByOpenIdConnect, defaultUrl, forums, ownUrl, userAda, type Forum } from "./forum.ts";

/** The settings' secret is not needed: it is left out. */
const env = { DISCOURSE_CONNECT_SECRET: "" };

const fetchPicture = (contentType = "image/png") => ({
  fetchPicture: (url: string) =>
    Promise.resolve({ content: Buffer.from(url === ownUrl ? "Ada's face" : "the default"), contentType }),
});

describe("a sync to a forum with OpenID Connect", () => {
  const start = forums();
  const sync = (forum: Forum, changes = {}, options: DiscourseOptions = fetchPicture()) =>
    syncDiscourseUser(forum.connect(options, env), userAda(changes));

  it("creates no account, and touches none that is another user's", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    ada.email = "bob@acme.com";
    const result = await sync(forum, { externalId: "auth0|bob", email: "bob@acme.com" });
    assert.deepEqual([result.outcome, result.reason], ["refused", "no-account"]);
    assert.equal(forum.state.accounts.length, 2);
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("touches no account that another login method knows by the same id", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    forum.state.associated.clear();
    forum.state.associated.set("oauth2_basic auth0|ada", ada.id);
    forum.state.records.set("auth0|ada", { accountId: ada.id, avatarUrl: undefined });
    assert.equal((await sync(forum)).reason, "no-account");
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("refuses a user whose email is not verified", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    assert.equal((await sync(forum, { emailVerified: false })).reason, "email-not-verified");
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("refuses a picture that we cannot fetch, with the words of the probe", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    const failing = () => Promise.reject(new ExpectedError("probe-failed", "it answers 404."));
    const result = await sync(forum, {}, { fetchPicture: failing });
    assert.equal(result.reason, "picture-unreachable");
    assert.match(result.message, /it answers 404/);
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  for (const [what, settings, said] of [
    ["size", { max_image_size_kb: 0 }, /too big/],
    ["type", { authorized_extensions: "jpg" }, /authorized extensions: jpg/],
  ] as const) {
    it(`says what the forum said where it refuses the file's ${what}`, async () => {
      const forum = await start();
      const ada = addAdaByOpenIdConnect(forum);
      Object.assign(forum.state.settings, settings);
      const result = await sync(forum);
      assert.deepEqual([result.outcome, result.reason], ["failed", "upload-refused"]);
      assert.match(result.message, said);
      assert.equal(forum.state.shownBy(ada), "an older picture");
    });
  }

  it("names the settings that forbid picking where the forum refuses", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    forum.state.settings.uploaded_avatars_allowed_groups = "14";
    const result = await sync(forum);
    assert.deepEqual([result.outcome, result.reason], ["failed", "pick-refused"]);
    assert.match(result.message, /uploaded_avatars_allowed_groups/);
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("sends nothing where logins override avatars, and says that the next one brings the picture", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    forum.state.settings.auth_overrides_avatar = true;
    const result = await sync(forum);
    assert.deepEqual([result.outcome, result.reason], ["refused", "next-login"]);
    assert.match(result.message, /next login of ada there brings the picture/);
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("does not take a 200 for a change", async () => {
    const forum = await start({
      before: ({ method }) => (method === "PUT" ? { status: 200, body: { success: "OK" } } : undefined),
    });
    addAdaByOpenIdConnect(forum);
    const result = await sync(forum);
    assert.deepEqual([result.outcome, result.reason], ["failed", "avatar-not-changed"]);
  });

  it("says so where the external id was given to another account meanwhile", async () => {
    const forum = await start({
      before: ({ method }) => {
        if (method === "PUT") forum.state.associated.set("oidc auth0|ada", 101);
        return undefined;
      },
    });
    addAdaByOpenIdConnect(forum);
    assert.deepEqual((await sync(forum)).reason, "other-account");
  });

  it("shows the user's picture, which the forum's server need not reach, and changes nothing else", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    forum.state.pictures.clear();
    ada.active = false;
    const { id, username, email } = ada;
    const result = await sync(forum);
    assert.deepEqual([result.outcome, result.reason, result.username], ["changed", "synced", "ada"]);
    assert.equal(forum.state.shownBy(ada), "Ada's face");
    assert.deepEqual(
      { id: ada.id, username: ada.username, email: ada.email, active: ada.active },
      { id, username, email, active: false },
    );
  });

  it("lets the forum fetch it where we do not, and says so where the forum could not", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    assert.equal((await sync(forum, {}, {})).reason, "synced");
    assert.equal(forum.state.shownBy(ada), "Ada's face");
    forum.state.pictures.clear();
    const result = await sync(forum, { pictureUrl: defaultUrl }, {});
    assert.equal(result.reason, "upload-refused");
    assert.match(result.message, /the forum's server must be able to fetch it/);
    assert.equal(forum.state.shownBy(ada), "Ada's face");
  });

  it("finds the picture unchanged where it is shown already", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    await sync(forum);
    assert.deepEqual((await sync(forum)).reason, "same-picture");
    assert.equal(forum.state.shownBy(ada), "Ada's face");
  });

  it("takes the method that DISCOURSE_PROVIDER names, and finds the only one that is on", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    Object.assign(forum.state.settings, { openid_connect_enabled: false, oauth2_enabled: true });
    forum.state.associated.set("oauth2_basic auth0|ada", ada.id);
    assert.equal((await sync(forum)).reason, "synced");
    forum.state.settings.openid_connect_enabled = true;
    await assert.rejects(sync(forum), { code: "discourse-provider-unclear", message: /oidc, oauth2_basic/ });
    const named = forum.connect(fetchPicture(), { ...env, DISCOURSE_PROVIDER: "oauth2_basic" });
    assert.equal((await syncDiscourseUser(named, userAda())).reason, "same-picture");
  });

  for (const [what, connectEnv, code] of [
    [
      "a wrong key",
      { ...env, DISCOURSE_PROVIDER: "oidc", DISCOURSE_API_KEY: "wrong" },
      "discourse-key-refused",
    ],
    ["the key of no administrator", { ...env, DISCOURSE_API_USERNAME: "ada" }, "discourse-connect-off"],
  ] as const) {
    it(`stops for ${what}`, async () => {
      const forum = await start();
      const ada = addAdaByOpenIdConnect(forum);
      const discourse = forum.connect(fetchPicture(), connectEnv);
      await assert.rejects(syncDiscourseUser(discourse, userAda()), { code });
      assert.equal(forum.state.shownBy(ada), "an older picture");
    });
  }

  it("stops for a granular key, which cannot pick avatars", async () => {
    const forum = await start({ scopes: ["users:show", "uploads:create", "read"] });
    const ada = addAdaByOpenIdConnect(forum);
    await assert.rejects(sync(forum), { code: "discourse-key-refused", message: /pick an account's avatar/ });
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });
});

describe("clearing an avatar in a forum with OpenID Connect", () => {
  const start = forums();
  const clear = (forum: Forum) => clearDiscourseUser(forum.connect({}, env), userAda(), defaultUrl);

  it("is refused where logins override avatars", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    forum.state.settings.auth_overrides_avatar = true;
    assert.deepEqual((await clear(forum)).reason, "next-login");
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("names what forbids it where the forum refuses", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    forum.state.settings.discourse_connect_overrides_avatar = true;
    const { reason, message } = await clear(forum);
    assert.equal(reason, "pick-refused");
    assert.match(message, /discourse_connect_overrides_avatar/);
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("leaves the letter, and has nothing to do the second time", async () => {
    const forum = await start();
    const ada = addAdaByOpenIdConnect(forum);
    assert.deepEqual((await clear(forum)).reason, "picked");
    assert.equal(forum.state.shownBy(ada), undefined);
    assert.deepEqual((await clear(forum)).reason, "no-own-avatar");
  });
});
