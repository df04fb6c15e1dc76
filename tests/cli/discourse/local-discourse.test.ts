import assert from "node:assert/strict";
import { signPayload } from "../../../cli/discourse/push-avatar.ts";
import { addAda, defaultUrl, forums, ownUrl, type Forum } from "./forum.ts";

/** What our own code never sends: proof that the other tests would see an account taken over. */
describe("the local Discourse, as the real one", () => {
  const start = forums();

  async function sync(forum: Forum, fields: Readonly<Record<string, string>>, secret = forum.connectSecret) {
    const discourse = forum.connect();
    const form = { ...signPayload(fields, secret) };
    const { status } = await discourse.send({
      method: "POST",
      path: "/admin/users/sync_sso.json",
      purpose: "sync",
      form,
    });
    await discourse.clock.sleep(60_000);
    await discourse.avatarOverride();
    return status;
  }

  it("refuses another secret's signature", async () => {
    const forum = await start();
    const ada = addAda(forum);
    assert.equal(await sync(forum, { external_id: "auth0|ada", avatar_url: ownUrl }, "another secret"), 422);
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("gives the account with an email to whoever syncs that email", async () => {
    const forum = await start();
    const ada = addAda(forum);
    ada.email = "ada@acme.com";
    await sync(forum, { external_id: "auth0|mallory", email: "ada@acme.com", avatar_url: defaultUrl });
    assert.deepEqual([...forum.state.records.keys()], ["auth0|mallory"]);
    assert.equal(forum.state.shownBy(ada), "the default");
  });

  it("creates an account for an email that it does not know", async () => {
    const forum = await start();
    await sync(forum, { external_id: "auth0|new", email: "new@acme.com", username: "new" });
    assert.equal(forum.state.accounts.at(-1)?.username, "new");
  });

  it("activates a deactivated account, and lets a sync change an email", async () => {
    const forum = await start();
    const ada = addAda(forum);
    ada.active = false;
    forum.state.settings.auth_overrides_email = true;
    await sync(forum, { external_id: "auth0|ada", email: "new@acme.com" });
    assert.deepEqual([ada.active, ada.email], [true, "new@acme.com"]);
  });

  it("ignores an empty picture", async () => {
    const forum = await start();
    const ada = addAda(forum);
    assert.equal(
      await sync(forum, { external_id: "auth0|ada", avatar_url: "", avatar_force_update: "true" }),
      200,
    );
    assert.equal(forum.state.shownBy(ada), "an older picture");
  });

  it("does not fetch again what it was sent before, unless forced", async () => {
    const forum = await start();
    const ada = addAda(forum);
    const fields = { external_id: "auth0|ada", avatar_url: ownUrl };
    await sync(forum, fields);
    forum.state.pictures.set(ownUrl, "Ada, older");
    await sync(forum, fields);
    assert.equal(forum.state.shownBy(ada), "Ada's face");
    await sync(forum, { ...fields, avatar_force_update: "true" });
    assert.equal(forum.state.shownBy(ada), "Ada, older");
  });
});
