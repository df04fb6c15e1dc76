import assert from "node:assert/strict";
import { copyPlanOf, type CopyPlan } from "../../../cli/mirror/copy-plan.ts";
import { fingerprintOf } from "../../../policy/picture-copy.ts";
import type { PictureSettings } from "../../../policy/settings.ts";
import { plain } from "../image/sample-images.ts";
import { settings } from "../people/people-of.ts";

const google = "https://lh3.googleusercontent.com/a/1=s96-c";
const gravatar =
  "https://s.gravatar.com/avatar/0f?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fja.png";

function plan(
  picture: unknown,
  more: Readonly<Record<string, unknown>> = {},
  changed: Partial<PictureSettings> = {},
): CopyPlan {
  return copyPlanOf({ user_id: "google-oauth2|1", picture, ...more }, { ...settings, ...changed });
}

describe("what is copied of a user", () => {
  const nothing: readonly [what: string, found: CopyPlan, why: string][] = [
    ["who is blocked", plan(google, { app_metadata: { picture_blocked: true } }), "blocked"],
    ["who removed the picture", plan(google, { user_metadata: { picture: "" } }), "removed"],
    ["with a picture of the user's own", plan(google, { user_metadata: { picture: google } }), "user"],
    ["without a root picture", plan(""), "missing"],
    ["with initials", plan("https://cdn.auth0.com/avatars/ja.png"), "placeholder"],
    [
      "whose Gravatar is off",
      plan(gravatar, { user_metadata: { gravatar_disabled: true } }),
      "gravatar-disabled",
    ],
    ["where Gravatars are never shown", plan(gravatar, {}, { gravatar: "never" }), "gravatar-never"],
    ["where providers' pictures are replaced", plan(google, {}, { social: "replace" }), "social-replaced"],
    ["whose root picture is in our bucket", plan("https://img.acme.com/users/ab/1.png"), "ours"],
    ["whose root picture is the default", plan(settings.defaultUrl), "ours"],
    [
      "who may have written the root picture at sign-up",
      plan(google, { user_id: "auth0|1" }),
      "not-provided",
    ],
    ["of a database with base64", plan("/9j/4AAQSkZJRg", { user_id: "auth0|1" }), "root-refused"],
    ["with a number", plan(7), "not-a-picture"],
    ["with a password in the address", plan("https://a:b@acme.com/1.png"), "not-a-picture"],
    ["with another scheme", plan("ftp://acme.com/1.png"), "not-a-picture"],
    ["with base64 of something else", plan(Buffer.from("<html></html>").toString("base64")), "not-a-picture"],
    ["with SVG", plan("data:image/svg+xml;base64,PHN2Zz48L3N2Zz4="), "not-a-picture"],
    ["with an endless address", plan(`https://acme.com/${"a".repeat(20_000)}`), "not-a-picture"],
  ];
  for (const [who, found, why] of nothing) {
    it(`is nothing of one ${who}`, () => {
      assert.deepEqual(found, { kind: "none", why });
    });
  }

  it("is a provider's picture that logins show", () => {
    const of = fingerprintOf(google);
    const host = "lh3.googleusercontent.com";
    assert.deepEqual(plan(google), { kind: "fetch", url: google, host, gravatar: false, of });
  });

  const unshown: readonly [what: string, root: string, url: string, host: string][] = [
    [
      "too long",
      `https://media.licdn.com/${"a".repeat(3000)}`,
      `https://media.licdn.com/${"a".repeat(3000)}`,
      "media.licdn.com",
    ],
    [
      "http on a port",
      "http://photos.acme.com:8443/1.png",
      "https://photos.acme.com:8443/1.png",
      "photos.acme.com:8443",
    ],
    ["http", "http://photos.acme.com/1.png", "https://photos.acme.com/1.png", "photos.acme.com"],
  ];
  for (const [what, root, url, host] of unshown) {
    it(`is a provider's picture whose address is ${what}, by https`, () => {
      assert.deepEqual(plan(root), { kind: "fetch", url, host, gravatar: false, of: fingerprintOf(root) });
    });
  }

  it("is a Gravatar, of a database user too, that says 404 where there is none", () => {
    for (const changed of [{}, { gravatar: "fallback" }, { gravatar: "fallback", maxLength: 90 }] as const) {
      assert.deepEqual(plan(gravatar, { user_id: "auth0|1" }, changed), {
        kind: "fetch",
        url: "https://s.gravatar.com/avatar/0f?s=480&r=pg&d=404",
        host: "s.gravatar.com",
        gravatar: true,
        of: fingerprintOf(gravatar),
      });
    }
  });

  it("is base64 that no token can carry, with and without data:", async () => {
    const base64 = (await plain("red").jpeg().toBuffer()).toString("base64");
    for (const root of [base64, `data:image/jpeg;base64,${base64}`, `  ${base64}\n`]) {
      const found = plan(root, { user_id: "waad|1" });
      assert.deepEqual(found, { kind: "decode", base64, of: fingerprintOf(root) });
    }
  });

  it("is the same whether or not a copy is shown already", () => {
    const picture_copy = {
      of: fingerprintOf(google),
      url: "https://img.acme.com/users/ab/copy-1.png",
      at: "",
    };
    const found = plan(google, { app_metadata: { picture_copy } }, { copies: "show" });
    assert.deepEqual(found, plan(google));
  });
});
