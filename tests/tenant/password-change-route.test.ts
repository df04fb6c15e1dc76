import assert from "node:assert/strict";
import { setupTenant } from "./setup-tenant.ts";

describe("POST /dbconnections/change_password", () => {
  const setup = setupTenant();
  const connection = "Username-Password-Authentication";
  const ask = (body: object) => setup().request("POST", "/dbconnections/change_password", { body });

  it("refuses a request without an email or without a database of the tenant", async () => {
    const email = "jane@example.com";
    for (const body of [
      {},
      { connection },
      { email },
      { email, connection: "none" },
      { email, connection: "google-oauth2" },
    ]) {
      assert.equal((await ask(body)).status, 400);
    }
  });

  it("answers the same sentence whether there is such a user or not, and changes no password", async () => {
    const { application, tenant } = setup();
    const jane = { user_id: "auth0|1", email: "jane@example.com", password: "right" };
    tenant.users.create(jane);
    for (const email of ["JANE@example.com", "no-one@example.com"]) {
      const answer = await ask({ email, connection });
      assert.deepEqual(
        [answer.status, answer.text],
        [200, "We've just sent you an email to reset your password."],
      );
      assert.match(answer.headers.get("content-type") ?? "", /^text\/plain/);
    }
    const app = await application();
    const { idTokenClaims } = await app.login({ username: jane.email, password: "right" });
    assert.equal(idTokenClaims["sub"], "auth0|1");
  });
});
