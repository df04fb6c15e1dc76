import assert from "node:assert/strict";
import { nextLogin } from "../../../cli/people/next-login.ts";
import {
  checkPictureUrl,
  explainFault,
  ownPictureFault,
  rootPictureFault,
} from "../../../cli/people/picture-fault.ts";
import { ownPictureUrl } from "../../../policy/own-picture.ts";
import { settings } from "./tenant-people.ts";

const tooLong = `https://img.acme.com/${"a".repeat(2048)}`;

describe("what is wrong with an own picture", () => {
  for (const [own, fault, changes = {}] of [
    [7, "not-text"],
    [{ url: "https://img.acme.com/a.png" }, "not-text"],
    [tooLong, "too-long"],
    ["https://img.acme.com/éé", "too-long", { maxLength: 30 }],
    ["jane.png", "no-url"],
    ["https://img..acme.com/a.png", "no-url"],
    ["http://img.acme.com/a.png", "http"],
    ["http://img.acme.com:8080/a.png", "http"],
    ["ftp://img.acme.com/a.png", "not-https"],
    ["data:image/png;base64,AAAA", "not-https"],
    [`data:image/png;base64,${"A".repeat(3000)}`, "not-https"],
    ["https://jane:secret@img.acme.com/a.png", "with-password"],
    ["https://localhost/a.png", "not-public"],
    ["https://10.0.0.1/a.png", "not-public"],
    ["https://nas.lan:8443/a.png", "not-public"],
    ["https://img.acme.com:8443/a.png", "with-port"],
    ["https://evil.com/a.png", "host-not-allowed", { allowedHosts: ["img.acme.com"] }],
    ["https://img.acme.com:8443/a.png", "with-port", { allowedHosts: ["img.acme.com"] }],
    ["https://evil.com:8443/a.png", "host-not-allowed", { allowedHosts: ["img.acme.com"] }],
    ["img.acme.com:8443/a.png", "no-url"],
    ["localhost:3000/a.png", "no-url"],
    ["\u200Bhttps://img.acme.com/a.png", "invisible-character"],
    ["https://img..acme.com/a.png https://img.acme.com/a.png", "two-addresses"],
    ["http://img.acme.com:8080/\na.png", "line-break"],
    ["https://cdn.auth0.com/avatars/jd.png", "placeholder"],
    ["https://i1.wp.com/cdn.auth0.com/avatars/jd.png", "placeholder"],
    ["https://s.gravatar.com/avatar/a", "gravatar-never", { gravatar: "never" }],
    [`https://s.gravatar.com/avatar/${"a".repeat(60)}`, "too-long", { maxLength: 100, gravatar: "fallback" }],
  ] as const) {
    it(`is ${fault} for ${JSON.stringify(own).slice(0, 60)}`, () => {
      const stack = { ...settings, ...changes };
      assert.equal(ownPictureFault(own, stack), fault);
      assert.equal(ownPictureUrl(own, stack, false), undefined, "a login ignores it");
    });
  }

  it("is the user's switch, of a Gravatar alone", () => {
    const stack = { ...settings, gravatar: "keep" as const };
    assert.equal(ownPictureFault("https://s.gravatar.com/avatar/a", stack, true), "gravatar-disabled");
    assert.equal(ownPictureFault("https://s.gravatar.com/avatar/a", stack, false), undefined);
    assert.equal(ownPictureFault("https://img.acme.com/a.png", stack, true), undefined);
  });

  it("is nothing where there is none, where it was removed, and where a login shows it", () => {
    for (const own of [undefined, null, "", "  ", "https://img.acme.com/a.png"]) {
      assert.equal(ownPictureFault(own, settings), undefined);
    }
  });

  it("is told with what the stack allows", () => {
    const stack = { ...settings, allowedHosts: ["img.acme.com", "*.cdn.io"] };
    assert.throws(() => checkPictureUrl("https://evil.com/a.png", stack), {
      code: "picture-url-not-allowed",
      message: /its host is not one of img\.acme\.com, \*\.cdn\.io \(config key allowedHosts\)/,
    });
    assert.throws(() => checkPictureUrl(tooLong, settings), { message: /more than the 2048 characters/ });
    assert.throws(() => checkPictureUrl(" ", settings), { code: "picture-url-not-allowed" });
    assert.doesNotMatch(explainFault("no-url", stack), /acme/);
  });
});

describe("what is wrong with a root picture that is refused", () => {
  for (const [user_id, picture, fault, changes = {}] of [
    ["samlp|1", ["https://img.acme.com/a.png"], "not-text"],
    ["ad|1", "/9j/4AAQSkZJRgABAQ", "no-url"],
    ["ad|1", "//img.acme.com/a.png", "no-url"],
    ["waad|1", "data:image/jpeg;base64,/9j/4AAQ", "not-https"],
    ["google-oauth2|1", tooLong, "too-long"],
    ["google-oauth2|1", "http://img.acme.com:8080/a.png", "http"],
    ["google-oauth2|1", "https://jane:secret@img.acme.com/a.png", "with-password"],
    ["auth0|1", "https://img.acme.com:8443/a.png", "with-port"],
    ["auth0|1", "https://10.0.0.1/a.png", "not-public"],
    ["auth0|1", "https://evil.com/a.png", "host-not-allowed", { allowedHosts: ["img.acme.com"] }],
    ["auth0|1", `https://s.gravatar.com/avatar/${"a".repeat(60)}`, "too-long", { maxLength: 100 }],
  ] as const) {
    it(`is ${fault} for ${JSON.stringify(picture).slice(0, 60)} of ${user_id}`, () => {
      const stack = { ...settings, gravatar: "fallback" as const, ...changes };
      const user = { user_id, picture };
      assert.equal(rootPictureFault(user, stack), fault);
      assert.equal(nextLogin(user, stack).reason, "root-refused");
    });
  }
});
