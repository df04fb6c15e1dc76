import assert from "node:assert/strict";
import { createTenant } from "../../tenant/create-tenant.ts";
import { setupTenant } from "./setup-tenant.ts";

describe("createTenant", () => {
  const setup = setupTenant({
    seed: {
      users: [{ user_id: "windowslive|1", connection: "staff", name: "Bo" }],
      clients: [{ name: "Seeded", client_id: "seeded", client_secret: "secret" }],
    },
  });

  it("rejects a port that is in use, and says what to do", async () => {
    const { certificates, tenant } = setup();
    const port = Number(tenant.domain.split(":")[1]);
    await assert.rejects(createTenant({ port, certificates }), { code: "port-in-use", message: /--port/ });
  });

  it("has what it was seeded with, and makes the connections of seeded users", async () => {
    const { api, tenant } = setup();
    assert.equal(tenant.clients.get("seeded")?.client_secret, "secret");
    assert.deepEqual(
      tenant.users.list().map(({ user_id }) => user_id),
      ["windowslive|1"],
    );
    const { body } = await api("GET", "/connections?name=staff&include_totals=true");
    assert.equal((body.connections[0] as unknown as { strategy: string }).strategy, "windowslive");
  });

  it("takes routes of others until the first request", async () => {
    const { request, tenant } = setup();
    tenant.app.get("/", () => "a page");
    assert.equal((await request("GET", "/")).text, "a page");
    assert.throws(() => tenant.app.get("/late", () => "late"));
  });

  it("frees its port when it is closed, open connections or not", async () => {
    const { certificates, request, tenant } = setup();
    await request("GET", "/.well-known/openid-configuration");
    await tenant.close();
    const port = Number(tenant.domain.split(":")[1]);
    const next = await createTenant({ port, certificates });
    assert.equal(next.domain, tenant.domain);
    await next.close();
  });

  it("describes itself at Auth0's paths", async () => {
    const { request, tenant } = setup();
    const { body } = await request("GET", "/.well-known/openid-configuration");
    const { issuer } = tenant;
    const described = body as unknown as Record<string, unknown>;
    assert.deepEqual(
      [
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
      ].map((name) => described[name]),
      [
        issuer,
        ...["authorize", "oauth/token", "userinfo", ".well-known/jwks.json", "oidc/logout"].map(
          (path) => issuer + path,
        ),
      ],
    );
  });

  it("logs people out", async () => {
    const { request } = setup();
    const page = await request("GET", "/oidc/logout");
    assert.equal(page.status, 200);
    assert.match(page.text, /oidc\/logout\/confirm/);
  });
});
