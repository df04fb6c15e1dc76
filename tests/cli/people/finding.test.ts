import assert from "node:assert/strict";
import { findFaults } from "../../../cli/people/finding.ts";
import { nextLogin } from "../../../cli/people/next-login.ts";
import { fingerprintOf } from "../../../policy/picture-copy.ts";
import { settings } from "./tenant-people.ts";

describe("what a profile tells of its pictures", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  function faults(profile: Readonly<Record<string, unknown>>) {
    const user = { user_id: "google-oauth2|1", picture: "https://lh3.googleusercontent.com/a/1", ...profile };
    return findFaults(user, nextLogin(user, settings), settings, now);
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

  it("is a copy that is of an earlier root picture, or not ours, where logins would show one of the root picture", () => {
    const url = "https://img.acme.com/users/9c1d/5e0b.png";
    const copy = { of: fingerprintOf("https://lh3.googleusercontent.com/a/1"), url };
    const stale = { ...copy, of: fingerprintOf("https://lh3.googleusercontent.com/a/0") };
    const found = (picture_copy: unknown, profile: object = {}) =>
      faults({ app_metadata: { picture_copy }, ...profile }).map(({ kind, address }) => [kind, address]);
    assert.deepEqual(found(stale), [["copy-stale", url]]);
    assert.deepEqual(found(stale, { picture: ["https://img.acme.com/a.png"] }), [
      ["root-refused", null],
      ["copy-stale", url],
    ]);
    const foreign = "https://cdn.example.org/a.png";
    assert.deepEqual(found({ ...copy, url: foreign }), [["copy-not-ours", foreign]]);
    for (const broken of [url, 7, [], { of: copy.of }, { ...copy, url: { url } }]) {
      assert.deepEqual(found(broken), [["copy-not-ours", null]]);
    }
    for (const none of [undefined, null, copy]) assert.deepEqual(found(none), []);
    assert.deepEqual(found(stale, { user_metadata: { picture: "" } }), []);
  });

  it("is a root picture that is refused, with its cause", () => {
    const refused = (profile: Readonly<Record<string, unknown>>) =>
      faults(profile).map(({ kind, cause, address }) => [kind, cause, address]);
    const base64 = "/9j/4AAQSkZJRgABAQ".repeat(5);
    assert.deepEqual(refused({ picture: ["https://img.acme.com/a.png"] }), [
      ["root-refused", "not-text", null],
    ]);
    assert.deepEqual(refused({ picture: base64 }), [["root-refused", "no-url", `${base64.slice(0, 60)}…`]]);
    assert.deepEqual(refused({ picture: `data:image/jpeg;base64,${base64}` }), [
      ["root-refused", "not-https", `data:image/jpeg;base64,${base64.slice(0, 37)}…`],
    ]);
    const picture = "http://photos.corp.com:8080/jd.jpg";
    assert.deepEqual(refused({ picture }), [["root-refused", "http", picture]]);
    const written = { user_id: "auth0|1", picture: "https://photos.corp.com:8443/jd.jpg" };
    assert.deepEqual(refused(written), [["root-refused", "with-port", written.picture]]);
    assert.deepEqual(refused({ picture, user_metadata: { picture: "https://img.acme.com/a.png" } }), []);
  });

  it("is nothing where there is no root picture, and where one by http is shown by https", () => {
    for (const picture of [undefined, null, " ", "http://img.acme.com/a.png"]) {
      assert.deepEqual(faults({ picture }), []);
    }
  });

  it("is a picture whose URL has ended, own or root, where a login shows it", () => {
    const found = (profile: Readonly<Record<string, unknown>>) =>
      faults(profile).map(({ kind, cause, detail }) => [kind, cause, detail]);
    const ended = "https://scontent.xx.fbcdn.net/v/a.jpg?oe=67748f60&oh=00";
    const words = "it ended on 2025-01-01 00:42 UTC";
    assert.deepEqual(found({ picture: ended }), [["root-ended", null, words]]);
    assert.deepEqual(found({ user_metadata: { picture: ended } }), [["own-ended", null, words]]);
    const own = { user_metadata: { picture: "https://img.acme.com/a.png" } };
    assert.deepEqual(found({ picture: ended, ...own }), [], "no login shows it");
    const later = "https://media.licdn.com/dms/image/a?e=1900000000";
    assert.deepEqual(found({ picture: later }), []);
    assert.doesNotMatch(JSON.stringify(faults({ picture: ended })), /oe=/);
  });

  it("is an address that a login shows as another one than was meant, with the character named", () => {
    const found = (profile: Readonly<Record<string, unknown>>) =>
      faults(profile).map(({ kind, cause, detail = "" }) => [kind, cause, /U\+\w+|second/.exec(detail)?.[0]]);
    const own = (picture: string) => found({ user_metadata: { picture } });
    const a = "https://img.acme.com/a.png";
    assert.deepEqual(own(`${a}\u200B`), [["own-mistyped", "invisible-character", "U+200B"]]);
    assert.deepEqual(own(`${a} ${a}`), [["own-mistyped", "two-addresses", "second"]]);
    assert.deepEqual(found({ picture: "https://img.acme.com/\na.png" }), [
      ["root-mistyped", "line-break", "U+000A"],
    ]);
    assert.deepEqual(own(`\u200B${a}`), [["own-invalid", "invisible-character", "U+200B"]]);
    assert.deepEqual(found({ picture: `\u200B${a}` }), [["root-refused", "invisible-character", "U+200B"]]);
    assert.deepEqual(own(` ${a} `), []);
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
