import assert from "node:assert/strict";
import { validPictureUrl } from "../../policy/picture-url.ts";
import { settingsWith } from "./settings.ts";

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
  };
  for (const [what, url] of Object.entries(refused)) {
    it(`is refused with ${what}`, () => {
      assert.equal(validPictureUrl(url, settingsWith()), undefined);
    });
  }

  it("is normalised as WHATWG does", () => {
    const url = validPictureUrl("  HTTPS://Img.Acme.COM:443/a/../b c.png ", settingsWith());
    assert.equal(url, "https://img.acme.com/b%20c.png");
  });

  it("may be as long as maxLength and no longer, counted before it is normalised", () => {
    const url = "https://a.co/ä";
    assert.equal(validPictureUrl(url, settingsWith({ maxLength: url.length })), "https://a.co/%C3%A4");
    assert.equal(validPictureUrl(url, settingsWith({ maxLength: url.length - 1 })), undefined);
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
        assert.equal(validPictureUrl(url, settings) !== undefined, allowed);
      });
    }

    it("takes :443 for the default port", () => {
      const explicit = settingsWith({ allowedHosts: ["img.acme.com:443"] });
      assert.equal(validPictureUrl("https://img.acme.com/a", explicit), "https://img.acme.com/a");
    });
  });

  it("is refused below an allowed prefix all the same when it holds credentials", () => {
    const settings = settingsWith({ allowedPrefixes: ["https://img.acme.com/users/"] });
    assert.equal(validPictureUrl("https://u:p@img.acme.com/users/a.png", settings), undefined);
  });
});
