import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

describe("/api/v2/resource-servers", () => {
  const setup = setupTenant();

  it("refuses an identifier that is taken, and to delete the system's own", async () => {
    const { api, tenant } = setup();
    const identifier = `https://${tenant.domain}/api/v2/`;
    assert.equal((await api("POST", "/resource-servers", { identifier })).status, 409);
    assert.equal((await api("DELETE", `/resource-servers/${encodeURIComponent(identifier)}`)).status, 403);
    const missing = await api("GET", "/resource-servers/none");
    assert.equal(missing.body.errorCode, "inexistent_resource_server");
  });

  it("finds the Management API by its identifier, encoded once or twice", async () => {
    const { api, tenant } = setup();
    const identifier = `https://${tenant.domain}/api/v2/`;
    const once = encodeURIComponent(identifier);
    for (const path of [once, encodeURIComponent(once), once.replace("%3A", ":")]) {
      const { body, status } = await api("GET", `/resource-servers/${path}`);
      assert.equal(status, 200);
      assert.equal(body.identifier, identifier);
      assert.equal((body as unknown as { is_system: boolean }).is_system, true);
    }
  });

  it("creates one with Auth0's defaults, changes it, and removes options with null", async () => {
    const { api } = setup();
    const { body, status } = await api("POST", "/resource-servers", {
      identifier: "https://api.example",
      name: "API",
    });
    assert.equal(status, 201);
    assert.match(body.id, /^[0-9a-f]{24}$/);
    assert.equal("scopes" in body, false);
    const path = `/resource-servers/${body.id}`;
    const changed = await api("PATCH", path, {
      enforce_policies: true,
      scopes: [{ value: "read", description: "" }],
    });
    assert.deepEqual((changed.body as unknown as { scopes: unknown }).scopes, [
      { value: "read", description: "" },
    ]);
    const removed = (await api("PATCH", path, { enforce_policies: null })).body;
    assert.equal("enforce_policies" in removed, false);
    assert.equal((await api("DELETE", path)).status, 204);
  });
});
