import assert from "node:assert/strict";
import { pollUntil } from "../../../lib/clock.ts";
import { deployedAction, setupTenant } from "../setup-tenant.ts";

const server = (name: string) => ({ identifier: `https://${name}.test/` });

describe("Faults on demand", () => {
  const setup = setupTenant();
  const resourceServers = async (): Promise<number> => {
    const { api } = setup();
    const { text } = await api("GET", "/resource-servers");
    return (JSON.parse(text) as unknown[]).length;
  };

  it("has none unless somebody wants them", async () => {
    const { api, tenant } = setup();
    assert.equal((await api("GET", "/clients")).status, 200);
    assert.deepEqual(tenant.faults.injected(), []);
  });

  it("tells the rate limit with every answer of the Management API, refusals included, and nowhere else", async () => {
    const { api, request } = setup();
    const answers = [await api("GET", "/clients"), await request("GET", "/api/v2/clients")];
    for (const { headers } of answers) {
      const limit = Number(headers.get("x-ratelimit-limit"));
      const remaining = Number(headers.get("x-ratelimit-remaining"));
      assert.ok(remaining >= 0 && remaining < limit);
      const inSeconds = Number(headers.get("x-ratelimit-reset")) - Date.now() / 1000;
      assert.ok(inSeconds > -1 && inSeconds <= 1.001);
    }
    const elsewhere = await request("GET", "/.well-known/openid-configuration");
    assert.equal(elsewhere.headers.get("x-ratelimit-limit"), null);
  });

  it("answers 429 with the time at which to come back, and nothing has happened", async () => {
    const { api, tenant } = setup();
    const before = await resourceServers();
    tenant.faults.set([{ kind: "429", method: "POST", ms: 3000, times: 1 }]);
    const { body, headers, status } = await api("POST", "/resource-servers", server("a"));
    assert.equal(status, 429);
    assert.deepEqual([body.error, body.errorCode], ["Too Many Requests", "too_many_requests"]);
    assert.deepEqual([headers.get("x-ratelimit-remaining"), headers.get("retry-after")], ["0", "3"]);
    const inSeconds = Number(headers.get("x-ratelimit-reset")) - Date.now() / 1000;
    assert.ok(inSeconds > 1.5 && inSeconds <= 4);
    assert.equal(await resourceServers(), before);
    assert.equal((await api("POST", "/resource-servers", server("a"))).status, 201);
  });

  it("answers a search that takes too long with 503", async () => {
    const { api, tenant } = setup();
    tenant.faults.set([{ kind: "503", times: 1 }]);
    const { body, status } = await api("GET", "/users?q=name:jane");
    assert.equal(status, 503);
    assert.match(body.message, /exceeded the timeout/);
    assert.equal((await api("GET", "/users?q=name:jane")).status, 200);
  });

  for (const [kind, type] of [
    ["500", /json/],
    ["502", /html/],
  ] as const) {
    it(`answers ${kind}, and nothing has happened`, async () => {
      const { api, tenant } = setup();
      const before = await resourceServers();
      tenant.faults.set([{ kind, path: "/api/v2/resource-servers", method: "POST" }]);
      const { headers, status } = await api("POST", "/resource-servers", server("a"));
      assert.equal(status, Number(kind));
      assert.match(headers.get("content-type") ?? "", type);
      assert.equal(await resourceServers(), before);
    });
  }

  it("hangs up before the effect", async () => {
    const { api, tenant } = setup();
    const before = await resourceServers();
    tenant.faults.set([{ kind: "drop-before", method: "POST" }]);
    await assert.rejects(api("POST", "/resource-servers", server("a")));
    assert.equal(await resourceServers(), before);
  });

  it("hangs up after the effect", async () => {
    const { api, tenant } = setup();
    const before = await resourceServers();
    tenant.faults.set([{ kind: "drop-after", method: "POST" }]);
    await assert.rejects(api("POST", "/resource-servers", server("a")));
    assert.equal(await resourceServers(), before + 1);
  });

  it("waits, and then does what it was asked", async () => {
    const { api, tenant } = setup();
    await api("GET", "/clients");
    tenant.faults.set([{ kind: "latency", ms: 200 }]);
    const start = performance.now();
    assert.equal((await api("GET", "/clients")).status, 200);
    assert.ok(performance.now() - start >= 190);
  });

  it("reads what was there before a write, for as long as the rule says", async () => {
    const { api, tenant } = setup();
    tenant.faults.set([{ kind: "stale-read", ms: 400 }]);
    const before = await resourceServers();
    await api("POST", "/resource-servers", server("a"));
    assert.equal(await resourceServers(), before);
    assert.ok(await pollUntil(async () => (await resourceServers()) === before + 1, { withinMs: 45_000 }));
  });

  it("shows nobody a stale answer whose token may not read", async () => {
    const { api, request, tenant, tokenWith } = setup();
    tenant.faults.set([{ kind: "stale-read" }]);
    await api("GET", "/clients");
    const headers = { authorization: `Bearer ${await tokenWith("read:users")}` };
    assert.equal((await request("GET", "/api/v2/clients", { headers })).status, 403);
  });

  it("lets a build take its time, and refuses to deploy until then", async () => {
    const { api, tenant } = setup();
    tenant.faults.set([{ kind: "slow-build", ms: 300 }]);
    const input = { name: "Slow", code: "", supported_triggers: [{ id: "post-login" }] };
    const { id } = (await api("POST", "/actions/actions", input)).body;
    assert.equal((await api("GET", `/actions/actions/${id}`)).body.status, "building");
    assert.equal((await api("POST", `/actions/actions/${id}/deploy`)).status, 400);
    const isBuilt = async () => (await api("GET", `/actions/actions/${id}`)).body.status === "built";
    assert.ok(await pollUntil(isBuilt, { withinMs: 45_000 }));
    assert.equal((await api("POST", `/actions/actions/${id}/deploy`)).status, 200);
  });

  it("fails a build until the Action is written again", async () => {
    const { api, tenant } = setup();
    tenant.faults.set([{ kind: "failing-build", times: 1 }]);
    const input = { name: "Failing", code: "", supported_triggers: [{ id: "post-login" }] };
    const { id } = (await api("POST", "/actions/actions", input)).body;
    assert.equal((await api("GET", `/actions/actions/${id}`)).body.status, "failed");
    assert.equal((await api("POST", `/actions/actions/${id}/deploy`)).status, 400);
    await api("PATCH", `/actions/actions/${id}`, { code: "//" });
    assert.equal((await api("GET", `/actions/actions/${id}`)).body.status, "built");
    await deployedAction(api, "Other");
  });

  it("touches the token endpoint only where a rule names it", async () => {
    const { request, tenant } = setup();
    tenant.faults.set([{ kind: "500" }]);
    assert.equal((await request("POST", "/oauth/token", { body: {} })).status < 500, true);
    tenant.faults.set([{ kind: "500", path: "/oauth/*" }]);
    assert.equal((await request("POST", "/oauth/token", { body: {} })).status, 500);
  });

  it("has no more faults once they are cleared, and still tells which there were", async () => {
    const { api, tenant } = setup();
    await api("GET", "/clients");
    tenant.faults.set([{ kind: "500" }]);
    await api("GET", "/clients");
    tenant.faults.clear();
    assert.equal((await api("GET", "/clients")).status, 200);
    assert.deepEqual(tenant.faults.injected(), [{ kind: "500", method: "GET", route: "/api/v2/clients" }]);
  });
});
