import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { setupTenant } from "../setup-tenant.ts";

const database = "Username-Password-Authentication";
const realmGrant = "http://auth0.com/oauth/grant-type/password-realm";
const jane = {
  user_id: "auth0|jane",
  email: "jane@example.com",
  name: "Jane",
  picture: "https://example.com/jane.png",
  password: "right",
};

interface TokenAnswer {
  access_token: string;
  id_token?: string;
  refresh_token?: string;
  scope?: string;
  error?: string;
  error_description?: string;
}

describe("The password grant", () => {
  const setup = setupTenant();
  const setupJane = (grant_types = ["password", realmGrant, "refresh_token"]) => {
    const { request, tenant } = setup();
    tenant.users.create(jane);
    const client = tenant.clients.create({ name: "Trusted", app_type: "regular_web", grant_types });
    const { client_id, client_secret } = client;
    const ask = async (fields: object) => {
      const body = { client_id, client_secret, username: jane.email, password: jane.password, ...fields };
      const answer = await request("POST", "/oauth/token", { body });
      return { status: answer.status, body: answer.body as unknown as TokenAnswer };
    };
    const refused = async (fields: object) => {
      const { body, status } = await ask(fields);
      return [status, body.error, body.error_description];
    };
    return { ask, refused, client };
  };
  const inRealm = { grant_type: realmGrant, realm: database };

  describe("is refused", () => {
    it("to an application that does not have it, and each of the two by itself", async () => {
      const { refused } = setupJane(["authorization_code", "password"]);
      const words = `Grant type '${realmGrant}' not allowed for the client.`;
      assert.deepEqual(await refused(inRealm), [403, "unauthorized_client", words]);
    });

    it("for a wrong password and an unknown name in the same words", async () => {
      const { refused } = setupJane();
      const expected = [403, "invalid_grant", "Wrong email or password."];
      assert.deepEqual(await refused({ ...inRealm, password: "wrong" }), expected);
      assert.deepEqual(await refused({ ...inRealm, username: "no-one@example.com" }), expected);
    });

    it("without a realm, a name or a password, and for a connection that is no database", async () => {
      const { refused } = setupJane();
      for (const name of ["realm", "username", "password"]) {
        const words = `Missing required parameter: ${name}`;
        assert.deepEqual(await refused({ ...inRealm, [name]: "" }), [400, "invalid_request", words]);
      }
      const [status, error] = await refused({ ...inRealm, realm: "google-oauth2" });
      assert.deepEqual([status, error], [403, "invalid_request"]);
    });

    it("without a realm where the tenant has no default directory", async () => {
      const [status, error, description] = await setupJane().refused({ grant_type: "password" });
      assert.deepEqual([status, error], [500, "server_error"]);
      assert.match(String(description), /not configured with default connection/);
    });

    it("with a wrong secret, and to a blocked user", async () => {
      const { refused } = setupJane();
      const wrong = await refused({ ...inRealm, client_secret: "wrong" });
      assert.deepEqual(wrong, [401, "access_denied", "Unauthorized"]);
      setup().tenant.users.get(jane.user_id)!.blocked = true;
      assert.deepEqual(await refused(inRealm), [403, "unauthorized", "user is blocked"]);
    });

    it("where an Action denies the login", async () => {
      const { refused } = setupJane();
      await setup().bind(`api.access.deny("not today");`);
      assert.deepEqual(await refused(inRealm), [403, "access_denied", "not today"]);
    });
  });

  it("gives the tokens of a login, and the claims that Actions set, there and at /userinfo", async () => {
    const { ask } = setupJane();
    await setup().bind(`api.idToken.setCustomClaim("picture", "https://example.com/by-action.png");`);
    const { body, status } = await ask({ ...inRealm, scope: "openid profile" });
    assert.deepEqual([status, body.scope, body.refresh_token], [200, "openid profile", undefined]);
    const { name, picture, sub } = decodeJwt(body.id_token ?? "");
    assert.deepEqual([sub, name, picture], [jane.user_id, jane.name, "https://example.com/by-action.png"]);
    const headers = { authorization: `Bearer ${body.access_token}` };
    const userinfo = await setup().request("GET", "/userinfo", { headers });
    assert.equal((userinfo.body as unknown as { sub: string }).sub, jane.user_id);
    assert.equal(setup().tenant.users.get(jane.user_id)?.logins_count, 1);
  });

  it("without a realm takes the tenant's default directory", async () => {
    await setup().api("PATCH", "/tenants/settings", { default_directory: database });
    const { body, status } = await setupJane().ask({ grant_type: "password", scope: "openid" });
    assert.deepEqual([status, decodeJwt(body.id_token ?? "").sub], [200, jane.user_id]);
  });

  it("gives a refresh token for offline_access, which gives new tokens", async () => {
    const { ask } = setupJane();
    const { body } = await ask({ ...inRealm, scope: "openid offline_access" });
    const refreshed = await ask({ grant_type: "refresh_token", refresh_token: body.refresh_token });
    assert.equal(refreshed.status, 200);
    assert.equal(decodeJwt(refreshed.body.id_token ?? "").sub, jane.user_id);
  });

  it("gives a JWT for an API, with all its scopes where none is asked for", async () => {
    const { ask } = setupJane();
    const audience = "https://api.example/";
    const scopes = [{ value: "read:it" }, { value: "write:it" }];
    await setup().api("POST", "/resource-servers", { identifier: audience, scopes });
    const { body } = await ask({ ...inRealm, audience });
    const { aud, scope, sub } = decodeJwt(body.access_token);
    assert.deepEqual([aud, scope, sub], [audience, "read:it write:it", jane.user_id]);
    const one = await ask({ ...inRealm, audience, scope: "read:it" });
    assert.equal(decodeJwt(one.body.access_token)["scope"], "read:it");
    const [, error] = await setupJane().refused({ ...inRealm, audience: "https://none.example" });
    assert.equal(error, "access_denied");
  });

  it("tells Actions of a password and of the grant, without the password", async () => {
    const { ask } = setupJane();
    await setup().bind(`const { authentication, request, transaction } = event;
      api.idToken.setCustomClaim("https://example.com/event", {
        transaction, body: Object.keys(request.body), method: authentication.methods[0].name });`);
    const { body } = await ask({ ...inRealm, scope: "openid" });
    assert.deepEqual(decodeJwt(body.id_token ?? "")["https://example.com/event"], {
      transaction: { protocol: "oauth2-password", requested_scopes: ["openid"], metadata: {} },
      body: ["client_id", "username", "grant_type", "realm", "scope"],
      method: "pwd",
    });
  });
});
