import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

describe("/api/v2/tenants/settings", () => {
  const setup = setupTenant();
  const path = "/tenants/settings";

  it("shows a new tenant's defaults, and which runtimes there are", async () => {
    const settings = (await setup().api("GET", path)).body as unknown as Record<string, unknown>;
    assert.equal(settings["session_lifetime"], 168);
    assert.equal(settings["idle_ephemeral_session_lifetime"], 24);
    assert.equal(settings["resource_parameter_profile"], "compatibility");
    assert.deepEqual(settings["sandbox_versions_available"], ["22", "18"]);
  });

  describe("refuses", () => {
    const refusals: [string, object, RegExp][] = [
      ["a setting of the wrong type", { friendly_name: 1 }, /Expected type string but found type integer/],
      ["one that does not exist", { no_such_setting: true }, /not allowed: no_such_setting/],
      ["a flag that does not exist", { flags: { no_such_flag: true } }, /not allowed: no_such_flag/],
      ["no change at all", {}, /Too few properties defined \(0\), minimum 1/],
      ["a locale that Auth0 does not have", { enabled_locales: ["xx"] }, /on property enabled_locales\[0\]/],
      ["a mail address that is none", { support_email: "me" }, /format email-or-empty: me/],
    ];
    for (const [what, body, message] of refusals) {
      it(what, async () => {
        const answer = await setup().api("PATCH", path, body);
        assert.equal(answer.status, 400);
        assert.match(answer.body.message, message);
        assert.equal(answer.body.errorCode, "invalid_body");
      });
    }
  });

  it("keeps a page's text where only its switch is sent, and drops an empty redirection", async () => {
    const { api } = setup();
    await api("PATCH", path, {
      change_password: { enabled: true, html: "<p>" },
      default_redirection_uri: "https://a.example",
    });
    await api("PATCH", path, { change_password: { enabled: false }, default_redirection_uri: "" });
    const settings = (await api("GET", path)).body as unknown as Record<string, unknown>;
    assert.deepEqual(settings["change_password"], { enabled: false, html: "<p>" });
    assert.equal("default_redirection_uri" in settings, false);
  });

  it("merges flags, takes minutes, removes with null, and leaves the rest", async () => {
    const { api } = setup();
    await api("PATCH", path, { error_page: { html: "<p>" }, flags: { enable_sso: false } });
    await api("PATCH", path, { error_page: null, session_lifetime_in_minutes: 90 });
    const settings = (await api("GET", path)).body as unknown as Record<string, unknown>;
    const flags = settings["flags"] as Record<string, unknown>;
    assert.equal(flags["enable_sso"], false);
    assert.equal(flags["universal_login"], true);
    assert.equal(settings["session_lifetime"], 1.5);
    assert.equal("error_page" in settings || "session_lifetime_in_minutes" in settings, false);
    assert.deepEqual(settings["enabled_locales"], ["en"]);
  });
});
