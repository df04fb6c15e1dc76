import assert from "node:assert/strict";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { setupTenant } from "../setup-tenant.ts";

describe("POST /oauth/token with client_credentials", () => {
  const setup = setupTenant();
  const setupRequest = () => {
    const { request, tenant } = setup();
    const { clientId, clientSecret, domain } = tenant;
    const form = {
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      audience: `https://${domain}/api/v2/`,
    };
    const post = (changes: object = {}, headers: Record<string, string> = {}) =>
      request("POST", "/oauth/token", { headers, body: { ...form, ...changes } });
    return { ...setup(), form, post };
  };

  const refusals: [string, object, number, string][] = [
    ["a wrong secret", { client_secret: "wrong" }, 401, "access_denied"],
    ["no secret", { client_secret: undefined }, 401, "access_denied"],
    ["an unknown application", { client_id: "none" }, 401, "access_denied"],
    ["an unknown audience", { audience: "https://none" }, 403, "access_denied"],
    ["no audience", { audience: undefined }, 403, "access_denied"],
  ];
  for (const [name, changes, status, error] of refusals) {
    it(`refuses ${name}`, async () => {
      const answer = await setupRequest().post(changes);
      assert.equal(answer.status, status);
      assert.equal(answer.body.error, error);
      assert.notEqual(answer.body.error_description, "");
    });
  }

  it("refuses an application without a grant for the API, or without the grant type", async () => {
    const { post, tenant } = setupRequest();
    const m2m = tenant.clients.create({ name: "M2M", app_type: "non_interactive" });
    const ungranted = await post({ client_id: m2m.client_id, client_secret: m2m.client_secret });
    assert.equal(ungranted.status, 403);
    assert.match(ungranted.body.error_description, /client-grant/);
    const spa = tenant.clients.create({ name: "SPA", app_type: "spa" });
    const wrongType = await post({ client_id: spa.client_id, client_secret: spa.client_secret });
    assert.deepEqual([wrongType.status, wrongType.body.error], [403, "unauthorized_client"]);
  });

  it("gives a signed token with the grant's scopes, for JSON, for a form, and for HTTP Basic", async () => {
    const { form, post, request, tenant } = setupRequest();
    const basic = Buffer.from(`${tenant.clientId}:${tenant.clientSecret}`).toString("base64");
    const answers = [
      await post(),
      await request("POST", "/oauth/token", { body: new URLSearchParams(form).toString() }),
      await post({ client_id: undefined, client_secret: undefined }, { authorization: `Basic ${basic}` }),
    ];
    for (const { body, status } of answers) {
      assert.equal(status, 200);
      assert.deepEqual(Object.keys(body).sort(), ["access_token", "expires_in", "scope", "token_type"]);
      const claims = decodeJwt(body.access_token);
      assert.equal(claims.iss, `https://${tenant.domain}/`);
      assert.equal(claims.sub, `${tenant.clientId}@clients`);
      assert.equal(claims.aud, form.audience);
      assert.equal(claims["azp"], tenant.clientId);
      assert.equal(claims["gty"], "client-credentials");
      assert.equal(claims.exp! - claims.iat!, 86400);
      assert.match(String(claims["scope"]), /\bread:actions\b/);
      assert.equal(claims["scope"], body.scope);
    }
  });

  it("signs with the key that is published", async () => {
    const { post, request } = setupRequest();
    const published = await request("GET", "/.well-known/jwks.json");
    const jwks = createLocalJWKSet(published.body);
    const { body } = await post();
    assert.equal((await jwtVerify(body.access_token, jwks)).protectedHeader.alg, "RS256");
    assert.doesNotMatch(published.text, /"d":/);
  });
});
