import assert from "node:assert/strict";
import { createCookieJar, LoginError } from "../../../local/login/walk-login.ts";
import { setupTenant } from "../setup-tenant.ts";

describe("GET /v2/logout", () => {
  const setup = setupTenant();
  const leave = (parameters: Record<string, string>, headers = {}) =>
    setup().request("GET", `/v2/logout?${new URLSearchParams(parameters).toString()}`, { headers });
  const application = (allowed_logout_urls: string[]) => setup().application({ allowed_logout_urls });

  it("refuses an address that neither list has, on a page", async () => {
    const { clientId } = await application(["https://app.example/bye"]);
    await setup().api("PATCH", "/tenants/settings", { allowed_logout_urls: ["https://tenant.example/bye"] });
    for (const parameters of [
      { returnTo: "https://evil.example/" },
      { returnTo: "https://app.example/bye" },
      { client_id: clientId, returnTo: "https://tenant.example/bye" },
      { client_id: clientId, returnTo: "https://app.example/other" },
      { client_id: "none", returnTo: "https://app.example/bye" },
    ] as Record<string, string>[]) {
      const answer = await leave(parameters);
      assert.deepEqual([answer.status, answer.headers.get("location")], [400, null]);
      assert.match(answer.text, /Allowed Logout URLs/);
    }
  });

  it("goes where the application's list, or without an application the tenant's, allows it", async () => {
    const { clientId } = await application(["https://app.example/bye", "https://*.example.com"]);
    await setup().api("PATCH", "/tenants/settings", { allowed_logout_urls: ["https://tenant.example/bye"] });
    for (const [parameters, expected] of [
      [{ client_id: clientId }, "https://app.example/bye"],
      [{ client_id: clientId, returnTo: "https://app.example/bye?a=1#b" }, "https://app.example/bye?a=1#b"],
      [{ client_id: clientId, returnTo: "https://one.example.com/" }, "https://one.example.com/"],
      [{ returnTo: "https://tenant.example/bye" }, "https://tenant.example/bye"],
    ] as [Record<string, string>, string][]) {
      const answer = await leave(parameters);
      assert.deepEqual([answer.status, answer.headers.get("location")], [302, expected]);
    }
    assert.equal((await leave({})).status, 200);
  });

  it("ends the browser's session, and no refresh token", async () => {
    const { tenant } = setup();
    tenant.users.create({ user_id: "google-oauth2|jane" });
    const app = await application([]);
    const cookies = createCookieJar();
    const person = { userId: "google-oauth2|jane", cookies };
    const tokens = await app.login({ ...person, scope: "openid offline_access" });
    await app.login({ ...person, parameters: { prompt: "none" } });
    assert.equal((await leave({}, { cookie: cookies.header("/") })).status, 200);
    await assert.rejects(
      app.login({ ...person, parameters: { prompt: "none" } }),
      (error: unknown) => error instanceof LoginError && error.error === "login_required",
    );
    assert.equal((await app.refresh(tokens.refreshToken!)).idTokenClaims["sub"], person.userId);
  });
});
