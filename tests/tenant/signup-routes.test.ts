import assert from "node:assert/strict";
import { setupTenant } from "./setup-tenant.ts";

describe("POST /dbconnections/signup", () => {
  const setup = setupTenant();
  const signUp = (fields: object = {}) => {
    const { request, tenant } = setup();
    const body = {
      client_id: tenant.clientId,
      connection: "Username-Password-Authentication",
      email: "jane@example.com",
      password: "A-long-one-1",
      ...fields,
    };
    return request("POST", "/dbconnections/signup", { body });
  };

  it("refuses an email that is taken in the words of every other refusal", async () => {
    await signUp();
    for (const fields of [
      { email: "JANE@example.com" },
      { connection: "google-oauth2", email: "joe@example.com" },
      { client_id: "none", email: "joe@example.com" },
    ]) {
      const { body, status } = await signUp(fields);
      assert.equal(status, 400);
      assert.equal((body as unknown as { code: string }).code, "invalid_signup");
    }
    assert.equal((await signUp({ password: "" })).status, 400);
  });

  it("refuses the email of a database identity that is linked, but not its user's root email", async () => {
    const identities = [
      { provider: "google-oauth2", user_id: "1" },
      { provider: "auth0", user_id: "1", profileData: { email: "linked@example.com" } },
    ];
    setup().tenant.users.create({ user_id: "google-oauth2|1", email: "root@example.com", identities });
    assert.equal((await signUp({ email: "LINKED@example.com" })).status, 400);
    assert.equal((await signUp({ email: "root@example.com" })).status, 200);
  });

  it("lets anybody write their root picture, and nothing else that is not theirs", async () => {
    const picture = "https://evil.example.com/p.png";
    const fields = { picture, user_metadata: { a: 1 }, app_metadata: { admin: true }, blocked: true };
    const { body, status } = await signUp(fields);
    assert.equal(status, 200);
    const { tenant } = setup();
    const user = tenant.users.get(`auth0|${body._id}`);
    assert.equal(user?.picture, picture);
    assert.deepEqual(user.user_metadata, { a: 1 });
    assert.equal("app_metadata" in user || "blocked" in user, false);
    assert.equal(user.email_verified, false);
    assert.equal("password" in body, false);
  });
});
