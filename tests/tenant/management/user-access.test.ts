import assert from "node:assert/strict";
import { createCookieJar } from "../../../local/login/walk-login.ts";
import { setupTenant } from "../setup-tenant.ts";

const jane = { user_id: "auth0|jane", email: "jane@example.com" };
const ada = { user_id: "auth0|ada", email: "ada@example.com" };
const scope = "openid offline_access";

describe("What ends a user's access", () => {
  const setup = setupTenant();
  const path = (rest: string, id = jane.user_id) => `/users/${encodeURIComponent(id)}/${rest}`;
  const refused = { error: "invalid_grant", status: 403 };

  /** Both users with a session and a refresh token; a login without a page succeeds for who still has a session. */
  async function loggedIn() {
    const { tenant, application } = setup();
    const app = await application();
    const logIn = async (userId: string) => {
      const cookies = createCookieJar();
      const { refreshToken } = await app.login({ userId, cookies, scope });
      return {
        refresh: () => app.refresh(refreshToken ?? ""),
        returns: () => app.login({ userId, cookies, parameters: { prompt: "none" } }),
      };
    };
    tenant.users.create(jane);
    tenant.users.create(ada);
    return { jane: await logIn(jane.user_id), ada: await logIn(ada.user_id) };
  }

  it("is refused without each of the two scopes, and keeps everything", async () => {
    const { request, tokenWith } = setup();
    const users = await loggedIn();
    for (const scopes of [["delete:sessions"], ["delete:refresh_tokens"], ["update:users"]]) {
      const headers = { authorization: `Bearer ${await tokenWith(...scopes)}` };
      const answer = await request("POST", `/api/v2${path("revoke-access")}`, { headers });
      assert.deepEqual([answer.status, answer.body.errorCode], [403, "insufficient_scope"]);
    }
    await users.jane.refresh();
    await users.jane.returns();
  });

  it("is refused with a field that the route does not know, and for a user who does not exist", async () => {
    const { api } = setup();
    await loggedIn();
    assert.equal((await api("POST", path("revoke-access"), { all: true })).status, 400);
    assert.equal((await api("DELETE", path("sessions", "auth0|none"))).status, 404);
    assert.equal((await api("DELETE", path("refresh-tokens", "auth0|none"))).status, 404);
  });

  it("ends the user's sessions and refresh tokens, and nobody else's", async () => {
    const users = await loggedIn();
    assert.equal((await setup().api("POST", path("revoke-access"))).status, 202);
    await assert.rejects(users.jane.refresh(), refused);
    await assert.rejects(users.jane.returns(), { error: "login_required" });
    await users.ada.refresh();
    await users.ada.returns();
  });

  it("leaves the refresh tokens where it is asked to", async () => {
    const users = await loggedIn();
    await setup().api("POST", path("revoke-access"), { preserve_refresh_tokens: true });
    await users.jane.refresh();
    await assert.rejects(users.jane.returns(), { error: "login_required" });
  });

  it("leaves what is not of the session that is named", async () => {
    const users = await loggedIn();
    await setup().api("POST", path("revoke-access"), { session_id: "another" });
    await users.jane.refresh();
    await users.jane.returns();
  });

  it("ends one kind alone by the routes of each", async () => {
    const users = await loggedIn();
    assert.equal((await setup().api("DELETE", path("sessions"))).status, 202);
    await assert.rejects(users.jane.returns(), { error: "login_required" });
    await users.jane.refresh();
    assert.equal((await setup().api("DELETE", path("refresh-tokens"))).status, 202);
    await assert.rejects(users.jane.refresh(), refused);
    await users.ada.returns();
  });
});
