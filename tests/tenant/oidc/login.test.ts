import assert from "node:assert/strict";
import { createCookieJar, LoginError } from "../../../local/login/walk-login.ts";
import { setupTenant } from "../setup-tenant.ts";

const picture = "https://example.com/jane.png";
const jane = {
  user_id: "google-oauth2|jane",
  email: "jane@example.com",
  email_verified: true,
  name: "Jane",
  nickname: "jane",
  picture,
};

/** Asserts that the login ends at the application with this OAuth error. */
function refusedWith(error: string, description?: RegExp) {
  return (thrown: unknown): boolean => {
    assert.ok(thrown instanceof LoginError);
    assert.equal(thrown.error, error);
    if (description) assert.match(thrown.errorDescription ?? "", description);
    return true;
  };
}

describe("A login at the tenant", () => {
  const setup = setupTenant();
  const setupJane = async (fields: object = {}) => {
    const { application, tenant } = setup();
    tenant.users.create({ ...jane, ...fields });
    return { ...setup(), app: await application() };
  };

  describe("is refused", () => {
    it("with prompt=none where nobody is logged in", async () => {
      const { app } = await setupJane();
      const parameters = { prompt: "none" };
      await assert.rejects(app.login({ userId: jane.user_id, parameters }), refusedWith("login_required"));
    });

    it("to a blocked user, at the page and by a session that is there", async () => {
      const { app, tenant } = await setupJane();
      const cookies = createCookieJar();
      await app.login({ userId: jane.user_id, cookies });
      tenant.users.get(jane.user_id)!.blocked = true;
      await assert.rejects(app.login({ userId: jane.user_id }), refusedWith("unauthorized", /blocked/));
      await assert.rejects(
        app.login({ userId: jane.user_id, cookies }),
        refusedWith("unauthorized", /blocked/),
      );
    });

    it("for an API that the tenant does not have", async () => {
      const { app } = await setupJane();
      const parameters = { audience: "https://none.example" };
      await assert.rejects(
        app.login({ userId: jane.user_id, parameters }),
        refusedWith("access_denied", /Service not found: https:\/\/none.example/),
      );
    });

    it("with a wrong password, on the page, which says so", async () => {
      const { app, tenant } = await setupJane();
      tenant.users.create({ user_id: "auth0|1", email: "db@example.com", password: "right" });
      const wrong = app.login({ username: "db@example.com", password: "wrong" });
      await assert.rejects(wrong, { code: "wrong-password" });
      const social = app.login({ username: jane.email, password: "" });
      await assert.rejects(social, { code: "wrong-password" });
    });

    it("at a callback that the application does not have, on a page and not at the callback", async () => {
      const { app, request } = await setupJane();
      const query = new URLSearchParams({
        client_id: app.clientId,
        redirect_uri: "https://evil.example/",
        response_type: "code",
        scope: "openid",
      });
      const answer = await request("GET", `/authorize?${query.toString()}`);
      assert.equal(answer.status, 400);
      assert.equal(answer.headers.get("location"), null);
      assert.match(answer.text, /redirect_uri/);
    });
  });

  it("gives root claims by scope, in the ID token and at /userinfo", async () => {
    const { app, tenant } = await setupJane();
    const expected: [string, object][] = [
      ["openid", {}],
      ["openid email", { email: jane.email, email_verified: true }],
      [
        "openid profile",
        { name: "Jane", nickname: "jane", picture, updated_at: tenant.users.get(jane.user_id)?.updated_at },
      ],
    ];
    for (const [scope, claims] of expected) {
      const tokens = await app.login({ userId: jane.user_id, scope });
      const { aud, exp, iat, iss, nonce, sub, ...rest } = tokens.idTokenClaims;
      assert.deepEqual([aud, iss, sub], [app.clientId, tenant.issuer, jane.user_id]);
      assert.deepEqual([typeof nonce, Number(exp) - Number(iat)], ["string", 36000]);
      assert.deepEqual(rest, claims);
      assert.deepEqual(await app.userinfo(tokens), { sub: jane.user_id, ...claims });
    }
  });

  it("has no picture claim where the user has no picture", async () => {
    const { app, tenant } = await setupJane();
    tenant.users.create({ user_id: "facebook|1", name: "Bo" });
    const { idTokenClaims } = await app.login({ userId: "facebook|1" });
    assert.equal("picture" in idTokenClaims, false);
    assert.equal(idTokenClaims["name"], "Bo");
  });

  it("works with email and password, in whatever case the email is", async () => {
    const { api, app } = await setupJane();
    const connection = "Username-Password-Authentication";
    await api("POST", "/users", {
      connection,
      email: "db@example.com",
      password: "A-long-one-1",
      user_id: "1",
    });
    const { idTokenClaims } = await app.login({ username: "DB@example.com", password: "A-long-one-1" });
    assert.equal(idTokenClaims["sub"], "auth0|1");
  });

  it("works again without the page as long as the session lasts, until prompt=login", async () => {
    const { app, tenant } = await setupJane();
    tenant.users.create({ user_id: "facebook|1" });
    const cookies = createCookieJar();
    await app.login({ userId: jane.user_id, cookies });
    const silent = await app.login({ userId: "facebook|1", cookies, parameters: { prompt: "none" } });
    assert.equal(silent.idTokenClaims["sub"], jane.user_id);
    const again = await app.login({ userId: jane.user_id, cookies, parameters: { prompt: "login" } });
    assert.equal(again.idTokenClaims["sub"], jane.user_id);
  });

  it("asks who it is when the session's user is gone", async () => {
    const { app, tenant } = await setupJane();
    tenant.users.create({ user_id: "facebook|1" });
    const cookies = createCookieJar();
    await app.login({ userId: jane.user_id, cookies });
    tenant.users.delete(jane.user_id);
    const parameters = { prompt: "none" };
    await assert.rejects(
      app.login({ userId: jane.user_id, cookies, parameters }),
      refusedWith("login_required"),
    );
  });

  it("gives a refresh token for offline_access, and new tokens for it", async () => {
    const { app } = await setupJane();
    const tokens = await app.login({ userId: jane.user_id, scope: "openid profile offline_access" });
    assert.equal(tokens.scope, "openid profile offline_access");
    const refreshed = await app.refresh(tokens.refreshToken!);
    assert.equal(refreshed.idTokenClaims["picture"], picture);
    assert.notEqual(refreshed.accessToken, tokens.accessToken);
    const withoutIt = await app.login({ userId: jane.user_id });
    assert.equal(withoutIt.refreshToken, undefined);
  });

  it("gives each application its own ID token lifetime and refresh-token rotation", async () => {
    const { application } = await setupJane();
    const app = await application({
      jwt_configuration: { lifetime_in_seconds: 60 },
      refresh_token: { rotation_type: "rotating" },
    });
    const tokens = await app.login({ userId: jane.user_id, scope: "openid offline_access" });
    assert.equal(Number(tokens.idTokenClaims["exp"]) - Number(tokens.idTokenClaims["iat"]), 60);
    const refreshed = await app.refresh(tokens.refreshToken!);
    assert.notEqual(refreshed.refreshToken, tokens.refreshToken);
    await assert.rejects(app.refresh(tokens.refreshToken!), { error: "invalid_grant" });
  });

  it("gives a JWT for an API that is asked for by audience", async () => {
    const { api, app } = await setupJane();
    const identifier = "https://api.example/";
    await api("POST", "/resource-servers", { identifier, scopes: [{ value: "read:it" }] });
    const parameters = { audience: identifier };
    const tokens = await app.login({ userId: jane.user_id, scope: "openid read:it", parameters });
    const payload = JSON.parse(
      Buffer.from(tokens.accessToken.split(".")[1]!, "base64url").toString(),
    ) as object;
    assert.deepEqual(
      { aud: identifier, sub: jane.user_id, scope: "read:it" },
      Object.fromEntries(Object.entries(payload).filter(([key]) => ["aud", "sub", "scope"].includes(key))),
    );
  });

  it("counts in the user's record", async () => {
    const { app, tenant } = await setupJane();
    await app.login({ userId: jane.user_id });
    await app.login({ userId: jane.user_id });
    const { last_ip, logins_count } = tenant.users.get(jane.user_id)!;
    assert.deepEqual([last_ip, logins_count], ["127.0.0.1", 2]);
  });

  it("works for an application that authenticates with its secret, and for one with JSON bodies", async () => {
    const { request, tenant } = await setupJane();
    const client = tenant.clients.create({
      name: "Web",
      app_type: "regular_web",
      callbacks: ["https://app.example/cb"],
    });
    const body = {
      grant_type: "authorization_code",
      client_id: client.client_id,
      client_secret: client.client_secret,
      code: "none",
      redirect_uri: "https://app.example/cb",
    };
    const known = await request("POST", "/oauth/token", { body });
    assert.equal(known.body.error, "invalid_grant");
    const wrong = await request("POST", "/oauth/token", { body: { ...body, client_secret: "wrong" } });
    assert.deepEqual([wrong.status, wrong.body.error], [401, "access_denied"]);
  });
});
