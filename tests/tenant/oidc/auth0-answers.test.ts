import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

const jane = { user_id: "google-oauth2|jane", email: "jane@example.com", name: "Jane" };
const callback = "http://localhost:3000/callback";

describe("The token endpoint", () => {
  const setup = setupTenant();
  const exchange = async (fields: object) => {
    const { application, request, tenant } = setup();
    tenant.users.create(jane);
    const app = await application();
    const { body, status } = await request("POST", "/oauth/token", {
      body: { client_id: app.clientId, ...fields },
    });
    return [status, body.error, body.error_description];
  };

  it("refuses a code that it did not give with 403", async () => {
    const fields = { grant_type: "authorization_code", code: "made-up", redirect_uri: callback };
    assert.deepEqual(await exchange(fields), [403, "invalid_grant", "Invalid authorization code"]);
  });

  it("refuses a refresh token that it did not give with 403", async () => {
    const fields = { grant_type: "refresh_token", refresh_token: "made-up" };
    assert.deepEqual(await exchange(fields), [403, "invalid_grant", "Unknown or invalid refresh token."]);
  });

  it("refuses a grant that the application does not have with 403", async () => {
    const { request, tenant } = setup();
    const { client_id } = tenant.clients.create({
      name: "App",
      app_type: "spa",
      callbacks: [callback],
      grant_types: ["authorization_code"],
    });
    const body = { grant_type: "refresh_token", client_id, refresh_token: "any" };
    const answer = await request("POST", "/oauth/token", { body });
    assert.deepEqual([answer.status, answer.body.error], [403, "unauthorized_client"]);
    assert.match(answer.body.error_description, /'refresh_token' not allowed/);
  });
});

describe("/userinfo", () => {
  const setup = setupTenant();

  it("says Unauthorized as text where there is no token", async () => {
    for (const method of ["GET", "POST"]) {
      const answer = await setup().request(method, "/userinfo");
      assert.deepEqual([answer.status, answer.text], [401, "Unauthorized"]);
      assert.match(answer.headers.get("content-type") ?? "", /^text\/plain/);
    }
  });

  it("refuses a token that it did not give", async () => {
    const headers = { authorization: "Bearer made-up" };
    const answer = await setup().request("GET", "/userinfo", { headers });
    assert.deepEqual([answer.status, answer.body.error], [401, "invalid_token"]);
  });
});

describe("The way of a login", () => {
  const setup = setupTenant();

  it("is redirects with 302", async () => {
    const { application, request, tenant } = setup();
    tenant.users.create(jane);
    const { clientId } = await application();
    const query = new URLSearchParams({
      client_id: clientId,
      redirect_uri: callback,
      response_type: "code",
      scope: "openid",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    });
    const first = await request("GET", `/authorize?${query.toString()}`);
    const page = new URL(first.headers.get("location") ?? "", tenant.issuer);
    const cookie = first.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const second = await request("POST", `${page.pathname}${page.search}`, {
      headers: { cookie },
      body: new URLSearchParams({ user_id: jane.user_id }).toString(),
    });
    assert.deepEqual([first.status, page.pathname, second.status], [302, "/u/login", 302]);
    assert.match(second.headers.get("location") ?? "", /\/authorize\//);
  });
});

describe("POST /oauth/revoke", () => {
  const setup = setupTenant();
  const login = async (fields: object = {}) => {
    const { application, tenant } = setup();
    tenant.users.create(jane);
    const app = await application(fields);
    return { app, tokens: await app.login({ userId: jane.user_id, scope: "openid offline_access" }) };
  };

  it("ends a refresh token, and not the access token beside it", async () => {
    const { app, tokens } = await login();
    const body = { client_id: app.clientId, token: tokens.refreshToken };
    const answer = await setup().request("POST", "/oauth/revoke", { body });
    assert.deepEqual([answer.status, answer.text], [200, ""]);
    await assert.rejects(app.refresh(tokens.refreshToken!), { error: "invalid_grant", status: 403 });
    assert.equal((await app.userinfo(tokens))["sub"], jane.user_id);
  });

  it("leaves another application's refresh token, and does not tell whether it is one", async () => {
    const { app, tokens } = await login();
    const { clientId } = await setup().application();
    for (const token of [tokens.refreshToken, "made-up"]) {
      const body = { client_id: clientId, token };
      assert.equal((await setup().request("POST", "/oauth/revoke", { body })).status, 200);
    }
    assert.equal((await app.refresh(tokens.refreshToken!)).idTokenClaims["sub"], jane.user_id);
  });

  it("refuses an unknown application, a wrong secret and a request without a token", async () => {
    const { request, tenant } = setup();
    const { client_id } = tenant.clients.create({ name: "Web", app_type: "regular_web" });
    const { clientId } = await setup().application();
    const status = async (body: object) => (await request("POST", "/oauth/revoke", { body })).status;
    assert.equal(await status({ client_id: "none", token: "any" }), 401);
    assert.equal(await status({ client_id, client_secret: "wrong", token: "any" }), 401);
    assert.equal(await status({ client_id: clientId }), 400);
  });
});
