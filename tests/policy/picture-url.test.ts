import assert from "node:assert/strict";
import { ownPictureUrl } from "../../policy/own-picture.ts";
import type { PictureSettings } from "../../policy/settings.ts";
import { settingsWith } from "./settings.ts";

function shown(picture: string, settings: PictureSettings): string | undefined {
  return ownPictureUrl(picture, settings, false);
}

describe("a picture URL that a user sets", () => {
  const refused = {
    "an empty label in the host": "https://img..acme.com/a.png",
    "two final dots": "https://img.acme.com../a.png",
    "a leading dot": "https://.acme.com/a.png",
    "a user name alone": "https://u@img.acme.com/a.png",
    "an IPv4 address": "https://10.0.0.1/a.png",
    "an IPv4 address with a final dot": "https://10.0.0.1./a.png",
    "a hexadecimal IPv4 address": "https://0x7f.0.0.1/a.png",
    "an octal IPv4 address": "https://0177.0.0.1/a.png",
    "an IPv6 address": "https://[::1]/a.png",
    "an IPv4-mapped IPv6 address": "https://[::ffff:10.0.0.1]/a.png",
    "full-width digits that normalise to an address": "https://１２７.０.０.１/a.png",
    "a name without a dot": "https://intranet/a.png",
    "a name under .onion": "https://abc.onion/a.png",
    "a name under .local with a final dot": "https://printer.local./a.png",
    "a port of its own": "https://img.acme.com:8443/a.png",
    "no URL at all": "img.acme.com/a.png",
    "the scheme http": "http://img.acme.com/a.png",
    "a name of a home network": "https://nas.lan/a.png",
    "a name under .home.arpa": "https://nas.home.arpa./a.png",
    "Auth0's initials": "https://cdn.auth0.com./avatars/jd.png",
    "Auth0's initials by Gravatar's image host": "https://i3.wp.com/cdn.auth0.com/avatars/jd.png?ssl=1",
  };
  for (const [what, url] of Object.entries(refused)) {
    it(`is refused with ${what}`, () => {
      assert.equal(shown(url, settingsWith()), undefined);
    });
  }

  it("is normalised as WHATWG does", () => {
    const url = shown("  HTTPS://Img.Acme.COM:443/a/../b c.png ", settingsWith());
    assert.equal(url, "https://img.acme.com/b%20c.png");
  });

  it("may be as long as maxLength and no longer, before and after it is normalised", () => {
    const [written, normalised] = ["  https://a.co/ä ", "https://a.co/%C3%A4"];
    assert.equal(shown(written, settingsWith({ maxLength: normalised.length })), normalised);
    assert.equal(shown(written, settingsWith({ maxLength: normalised.length - 1 })), undefined);
    // Normalising makes this one shorter.
    const roundabout = "https://a.co/a/../b";
    assert.equal(shown(roundabout, settingsWith({ maxLength: roundabout.length })), "https://a.co/b");
    assert.equal(shown(roundabout, settingsWith({ maxLength: roundabout.length - 1 })), undefined);
  });

  it("is shown where the same name has another meaning elsewhere", () => {
    for (const url of [
      "https://i4.wp.com/cdn.auth0.com/avatars/jd.png",
      "https://i0.wp.com/cdn.auth0.com",
      "https://home.arpa/a.png",
      "https://lan.io/a.png",
    ]) {
      assert.equal(shown(url, settingsWith()), url);
    }
  });

  describe("with Gravatar's host", () => {
    const avatar = "https://s.gravatar.com/avatar/ab?s=80";

    it("is not shown where Gravatars never are, or this user's are switched off", () => {
      assert.equal(shown(avatar, settingsWith({ gravatar: "never" })), undefined);
      for (const gravatar of ["keep", "fallback"] as const) {
        assert.equal(ownPictureUrl(avatar, settingsWith({ gravatar }), true), undefined);
      }
    });

    it("is no Gravatar on another port or path", () => {
      const settings = settingsWith({
        gravatar: "never",
        allowedHosts: ["*.gravatar.com", "s.gravatar.com:8443"],
      });
      for (const url of ["https://s.gravatar.com:8443/avatar/ab", "https://s.gravatar.com/avatars/ab"]) {
        assert.equal(shown(url, settings), url);
      }
    });

    it("has no fallback where it was uploaded there", () => {
      const uploaded = "https://www.gravatar.com/userimage/12/ab.jpg?d=mp";
      assert.equal(shown(uploaded, settingsWith()), uploaded);
    });
  });

  describe("with an allow-list of hosts", () => {
    const settings = settingsWith({
      allowedHosts: ["Img.Acme.com", "cdn.io:8443", "*.pics.dev", "10.0.0.1"],
    });
    const verdicts: [string, boolean][] = [
      ["https://img.acme.com/a", true],
      ["https://img.acme.com./a", true],
      ["https://img.acme.com:8443/a", false],
      ["https://sub.img.acme.com/a", false],
      ["https://cdn.io:8443/a", true],
      ["https://cdn.io/a", false],
      ["https://a.b.pics.dev/a", true],
      ["https://a.pics.dev:8443/a", false],
      ["https://evilpics.dev/a", false],
      ["https://10.0.0.1/a", true],
      ["https://other.com/a", false],
    ];
    for (const [url, allowed] of verdicts) {
      it(`${allowed ? "allows" : "refuses"} ${url}`, () => {
        assert.equal(shown(url, settings) !== undefined, allowed);
      });
    }

    it("takes :443 for the default port", () => {
      const explicit = settingsWith({ allowedHosts: ["img.acme.com:443"] });
      assert.equal(shown("https://img.acme.com/a", explicit), "https://img.acme.com/a");
    });
  });

  it("is refused below an allowed prefix all the same when it holds credentials", () => {
    const settings = settingsWith({ allowedPrefixes: ["https://img.acme.com/users/"] });
    assert.equal(shown("https://u:p@img.acme.com/users/a.png", settings), undefined);
  });
});
