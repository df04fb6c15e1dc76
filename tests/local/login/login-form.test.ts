import assert from "node:assert/strict";
import { filledLoginForm } from "../../../local/login/login-form.ts";

const page = `
<form method="post" action="/u/login?state=a&#38;b"><input name="username"><input name="password" type="password"></form>
<form method="post" action="/u/login?state=s">
<button type="submit" name="user_id" value="auth0|&#34;1&#34;">Log in</button>
<button type="submit" name="user_id" value="auth0|2">Log in</button>
</form>`;

describe("filledLoginForm", () => {
  it("rejects a user without a button", () => {
    assert.throws(() => filledLoginForm(page, { userId: "auth0|3" }), { code: "no-such-user" });
  });

  it("rejects a page without a password field", () => {
    assert.throws(() => filledLoginForm("<p>No form</p>", { username: "a", password: "b" }), {
      code: "unexpected-answer",
    });
  });

  it("presses the user's own button", () => {
    assert.deepEqual(filledLoginForm(page, { userId: 'auth0|"1"' }), {
      action: "/u/login?state=s",
      fields: { user_id: 'auth0|"1"' },
    });
  });

  it("fills in username and password", () => {
    assert.deepEqual(filledLoginForm(page, { username: "a", password: "b" }), {
      action: "/u/login?state=a&b",
      fields: { username: "a", password: "b" },
    });
  });
});
