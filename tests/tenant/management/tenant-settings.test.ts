import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

describe("/api/v2/tenants/settings", () => {
  const setup = setupTenant();
  const path = "/tenants/settings";

  it("refuses a setting of the wrong type", async () => {
    assert.equal((await setup().api("PATCH", path, { friendly_name: 1 })).status, 400);
  });

  it("merges flags, takes minutes, removes with null, and leaves the rest", async () => {
    const { api } = setup();
    await api("PATCH", path, { friendly_name: "Example", flags: { enable_sso: false } });
    await api("PATCH", path, { friendly_name: null, session_lifetime_in_minutes: 90 });
    const settings = (await api("GET", path)).body as unknown as Record<string, unknown>;
    assert.deepEqual(settings["flags"], { enable_sso: false, revoke_refresh_token_grant: false });
    assert.equal(settings["session_lifetime"], 1.5);
    assert.equal("friendly_name" in settings || "session_lifetime_in_minutes" in settings, false);
    assert.deepEqual(settings["enabled_locales"], ["en"]);
  });
});
