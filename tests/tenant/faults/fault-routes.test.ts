import assert from "node:assert/strict";
import { setupTenant, type Answer } from "../setup-tenant.ts";

describe("/local/faults", () => {
  const setup = setupTenant();
  async function send(method: string, body?: unknown, token?: string): Promise<Answer> {
    const { request, tenant } = setup();
    const credentials = {
      grant_type: "client_credentials",
      client_id: tenant.clientId,
      client_secret: tenant.clientSecret,
      audience: `https://${tenant.domain}/api/v2/`,
    };
    const own = token ?? (await request("POST", "/oauth/token", { body: credentials })).body.access_token;
    const headers = { authorization: `Bearer ${own}` };
    return request(method, "/local/faults", { headers, ...(body === undefined ? {} : { body }) });
  }

  it("is closed to everybody but the tenant's own application", async () => {
    const { request, tenant, tokenWith } = setup();
    const rules = [{ kind: "500" }];
    assert.equal((await request("POST", "/local/faults", { body: { rules } })).status, 401);
    assert.equal((await send("POST", { rules }, "nonsense")).status, 401);
    assert.equal((await send("POST", { rules }, await tokenWith("read:users"))).status, 401);
    assert.deepEqual(tenant.faults.rules(), []);
  });

  for (const body of [null, [], {}, { rules: [{ kind: "x" }] }, { rules: [], seed: "1" }]) {
    it(`refuses ${JSON.stringify(body)} and keeps the rules`, async () => {
      const { tenant } = setup();
      tenant.faults.set([{ kind: "latency", ms: 0 }]);
      const answer = await send("POST", body);
      assert.equal(answer.status, 400);
      assert.match(answer.text, /A fault cannot be injected/);
      assert.deepEqual(tenant.faults.rules(), [{ kind: "latency", ms: 0 }]);
    });
  }

  it("sets rules, tells what happened, and clears them, unhurt by its own faults", async () => {
    const { api } = setup();
    await api("GET", "/clients");
    const rules = [{ kind: "500", path: "*", method: "GET" }];
    assert.equal((await send("POST", { rules, seed: 3 })).status, 200);
    assert.equal((await api("GET", "/clients")).status, 500);
    const injected = [{ kind: "500", method: "GET", route: "/api/v2/clients" }];
    assert.deepEqual(JSON.parse((await send("GET")).text), { seed: 3, rules, injected });
    assert.deepEqual(JSON.parse((await send("DELETE")).text), { seed: 3, rules: [], injected });
    assert.equal((await api("GET", "/clients")).status, 200);
  });
});
