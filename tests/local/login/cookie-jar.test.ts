import assert from "node:assert/strict";
import { createCookieJar } from "../../../local/login/cookie-jar.ts";

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
