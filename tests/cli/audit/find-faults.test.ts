import assert from "node:assert/strict";
import { findFaults } from "../../../cli/audit/find-faults.ts";
import { ownPictureFault } from "../../../cli/audit/own-picture-fault.ts";
import { nextLogin } from "../../../cli/people/next-login.ts";
import { validPictureUrl } from "../../../policy/picture-url.ts";
import { settings } from "../people/tenant-people.ts";

describe("what is wrong with an own picture", () => {
  for (const [own, fault] of [
    [7, "not-text"],
    [{ url: "https://img.acme.com/a.png" }, "not-text"],
    [`https://img.acme.com/${"a".repeat(2048)}`, "too-long"],
    ["jane.png", "no-url"],
    ["http://img.acme.com/a.png", "http"],
    ["data:image/png;base64,AAAA", "not-https"],
    ["https://jane:secret@img.acme.com/a.png", "with-password"],
    ["https://localhost/a.png", "not-public"],
    ["https://10.0.0.1/a.png", "not-public"],
    ["https://img.acme.com:8443/a.png", "not-public"],
  ] as const) {
    it(`is ${fault} for ${JSON.stringify(own).slice(0, 60)}`, () => {
      assert.equal(ownPictureFault(own, settings), fault);
      assert.equal(validPictureUrl(own, settings), undefined, "a login ignores it");
    });
  }

  it("is its host where hosts are listed", () => {
    const listed = { ...settings, allowedHosts: ["img.acme.com"] };
    assert.equal(ownPictureFault("https://evil.com/a.png", listed), "host-not-allowed");
  });

  it("is nothing where there is none, where it was removed, and where a login shows it", () => {
    for (const own of [undefined, null, "", "  ", "https://img.acme.com/a.png"]) {
      assert.equal(ownPictureFault(own, settings), undefined);
    }
  });
});

describe("what a profile tells of its pictures", () => {
  function faults(profile: Readonly<Record<string, unknown>>) {
    const user = { user_id: "google-oauth2|1", picture: "https://lh3.googleusercontent.com/a/1", ...profile };
    return findFaults(user, nextLogin(user, settings), settings);
  }
  const about = { userId: "google-oauth2|1", cause: null, address: null };

  it("is nothing of a blocked user, whose pictures nobody sees", () => {
    const picture = "http://img.acme.com/a.png";
    const app_metadata = { picture_blocked: true };
    assert.deepEqual(faults({ picture, user_metadata: { picture }, app_metadata }), []);
  });

  it("is a switch that somebody set to what the policy does not take", () => {
    assert.deepEqual(faults({ app_metadata: { picture_blocked: "true" } }), [
      { ...about, kind: "block-ineffective" },
    ]);
    assert.deepEqual(faults({ user_metadata: { gravatar_disabled: 1 } }), [
      { ...about, kind: "gravatar-ineffective" },
    ]);
    const off = { app_metadata: { picture_blocked: false }, user_metadata: { gravatar_disabled: null } };
    assert.deepEqual(faults(off), []);
  });

  it("is an original picture by http, where a login shows it", () => {
    const address = "http://img.acme.com/a.png";
    assert.deepEqual(faults({ picture: address }), [{ ...about, kind: "shown-http", address }]);
    const user_metadata = { picture: "https://img.acme.com/a.png" };
    assert.deepEqual(faults({ picture: address, user_metadata }), []);
  });

  it("gives addresses without what may be a key or an email", () => {
    const own = (picture: string) => faults({ user_metadata: { picture } })[0]?.address;
    assert.equal(own("http://img.acme.com/a.png?token=secret#x"), "http://img.acme.com/a.png");
    assert.equal(own("http://jane:secret@img.acme.com/a.png"), "http://img.acme.com/a.png");
    assert.equal(own("http://img.acme.com/jane@acme.com.png"), null);
    assert.equal(own("jane@acme.com"), null);
    assert.equal(own("a\u202Eb\n"), "a\uFFFDb");
  });
});
