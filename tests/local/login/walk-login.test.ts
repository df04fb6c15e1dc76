import assert from "node:assert/strict";
import { createCookieJar, filledLoginForm } from "../../../local/login/walk-login.ts";

const page = `
<form method="post" action="/u/login?state=a&#38;b"><input name="username"><input name="password" type="password"></form>
<form method="post" action="/u/login?state=s"><button name="user_id" value="auth0|&#34;1&#34;">Log in</button></form>
<form method="post" action="/u/login?state=s">
<input type="hidden" name="user_id" value="auth0|2"><button name="identity" value="google-oauth2|2">Log in</button>
</form>
<form method="post" action="/u/login?state=s">
<input type="hidden" name="user_id" value="auth0|2"><button name="identity" value="auth0|2">Log in</button>
</form>`;

describe("filledLoginForm", () => {
  it("rejects a user without a button", () => {
    assert.throws(() => filledLoginForm(page, { userId: "auth0|3" }), { code: "no-such-user" });
  });

  it("rejects an identity without a button, and one of another user", () => {
    for (const identity of ["google-oauth2|3", "auth0|3"]) {
      assert.throws(() => filledLoginForm(page, { userId: "auth0|2", identity }), {
        code: "no-such-user",
        message: `The login page has no button for the user auth0|2 by ${identity}.`,
      });
    }
    const ofAnother = { userId: 'auth0|"1"', identity: "google-oauth2|2" };
    assert.throws(() => filledLoginForm(page, ofAnother), { code: "no-such-user" });
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

  it("presses the button of the primary identity, of another where it is named or the only one", () => {
    const pressed = (html: string, identity?: string) =>
      filledLoginForm(html, { userId: "auth0|2", ...(identity === undefined ? {} : { identity }) }).fields;
    assert.deepEqual(pressed(page), { user_id: "auth0|2", identity: "auth0|2" });
    const linked = { user_id: "auth0|2", identity: "google-oauth2|2" };
    assert.deepEqual(pressed(page, "google-oauth2|2"), linked);
    assert.deepEqual(pressed(page.replace('value="auth0|2">Log', 'value="x">Log')), linked);
    const single = filledLoginForm(page, { userId: 'auth0|"1"', identity: 'auth0|"1"' });
    assert.deepEqual(single.fields, { user_id: 'auth0|"1"' });
  });

  it("fills in username and password", () => {
    assert.deepEqual(filledLoginForm(page, { username: "a", password: "b" }), {
      action: "/u/login?state=a&b",
      fields: { username: "a", password: "b" },
    });
  });
});

describe("createCookieJar", () => {
  it("forgets a cookie that is set with a time that is over", () => {
    const jar = createCookieJar();
    jar.store(["a=1; path=/", "b=2; path=/"]);
    jar.store(["a=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT"]);
    assert.equal(jar.header("/"), "b=2");
  });

  it("sends a cookie under its path only", () => {
    const jar = createCookieJar();
    jar.store(["a=1; path=/u/login; httponly", "b=x=y"]);
    assert.equal(jar.header("/u/login"), "a=1; b=x=y");
    assert.equal(jar.header("/u/login/more"), "a=1; b=x=y");
    assert.equal(jar.header("/u/loginother"), "b=x=y");
  });

  it("replaces a cookie of the same name and path", () => {
    const jar = createCookieJar();
    jar.store(["a=1; path=/"]);
    jar.store(["a=2; Path=/"]);
    assert.equal(jar.header("/x"), "a=2");
  });
});
