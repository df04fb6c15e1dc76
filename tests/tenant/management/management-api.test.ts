import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

describe("The Management API", () => {
  const setup = setupTenant();

  it("answers 401 without a token and with one that is not its own", async () => {
    const { request, tenant } = setup();
    assert.deepEqual((await request("GET", "/api/v2/clients")).body, {
      statusCode: 401,
      error: "Unauthorized",
      message: "Missing authentication",
    });
    const other = tenant.clientSecret;
    const answer = await request("GET", "/api/v2/clients", { headers: { authorization: `Bearer ${other}` } });
    assert.equal(answer.status, 401);
    assert.equal(answer.body.message, "Invalid token");
  });

  it("answers 401 before it looks at the body", async () => {
    const answer = await setup().request("POST", "/api/v2/actions/actions", { body: { nonsense: true } });
    assert.equal(answer.status, 401);
  });

  it("answers 403 with Auth0's body where the token lacks the route's scope", async () => {
    const { request, tokenWith } = setup();
    const headers = { authorization: `Bearer ${await tokenWith("read:users")}` };
    assert.equal((await request("GET", "/api/v2/users", { headers })).status, 200);
    for (const path of ["/api/v2/clients", "/api/v2/actions/actions"]) {
      const { body, status } = await request("GET", path, { headers });
      assert.equal(status, 403);
      assert.equal(body.errorCode, "insufficient_scope");
      assert.match(body.message, /^Insufficient scope, expected any of: read:/);
    }
  });

  it("answers 400 to a body that is no JSON", async () => {
    const { request, tokenWith } = setup();
    const headers = {
      authorization: `Bearer ${await tokenWith("create:clients")}`,
      "content-type": "application/json",
    };
    assert.equal((await request("POST", "/api/v2/clients", { headers, body: "{" })).status, 400);
  });

  it("counts and lists what was asked of it, without queries", async () => {
    const { api, tenant } = setup();
    await api("GET", "/users?q=email:someone@example.com");
    await api("GET", "/users/none");
    assert.deepEqual(tenant.requests.entries(), [
      { method: "POST", path: "/oauth/token", status: 200 },
      { method: "GET", path: "/api/v2/users", status: 200 },
      { method: "GET", path: "/api/v2/users/none", status: 404 },
    ]);
    assert.equal(tenant.requests.count({ method: "GET", pathPrefix: "/api/v2/users" }), 2);
    tenant.requests.clear();
    assert.equal(tenant.requests.count(), 0);
  });

  describe("asked for a route that it does not have", () => {
    const lines: string[] = [];
    const unknown = setupTenant({ unhandledExpected: true, log: (line) => lines.push(line) });

    it("answers 501, says so in the log and remembers it", async () => {
      const { api, request, tenant } = unknown();
      const { body, status } = await api("GET", "/organizations?page=0");
      const message = "The local tenant has no route GET /api/v2/organizations";
      assert.equal(status, 501);
      assert.deepEqual(body, { statusCode: 501, error: "Not Implemented", message });
      assert.ok(lines.includes(message));
      await request("GET", "/samlp/x");
      assert.deepEqual(tenant.unhandled, [
        { method: "GET", path: "/api/v2/organizations" },
        { method: "GET", path: "/samlp/x" },
      ]);
    });
  });
});
