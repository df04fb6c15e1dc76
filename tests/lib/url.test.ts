import assert from "node:assert/strict";
import { readDomain } from "../../lib/url.ts";

describe("a tenant's domain", () => {
  it("is read however people write it", () => {
    const spellings = [
      "acme-dev.eu.auth0.com",
      "https://acme-dev.eu.auth0.com",
      "https://acme-dev.eu.auth0.com/",
      "acme-dev.eu.auth0.com/",
      "HTTPS://Acme-Dev.EU.Auth0.com/",
    ];
    for (const text of spellings) assert.deepEqual(readDomain(text), { domain: "acme-dev.eu.auth0.com" });
  });

  it("may have a port, as a local tenant has one", () => {
    assert.deepEqual(readDomain("https://localhost:4443/"), { domain: "localhost:4443" });
  });

  const wrong: Readonly<Record<string, string>> = {
    "http://acme.eu.auth0.com": "starts with http://",
    "https://https://acme.eu.auth0.com": "starts with https://",
    "https://acme.eu.auth0.com/api/v2/": "has a path",
    "acme.eu.auth0.com//": "has a path",
    "https://acme.eu.auth0.com/?a=b": "has a query or a fragment",
    "acme.eu.auth0.com#top": "has a query or a fragment",
    "acme .eu.auth0.com": "contains a space",
    "acme.eu.auth0.com\n": "contains a space",
    "https://user:word@acme.eu.auth0.com": "contains an @",
    "acme.eu.auth0.com:https": "has a port that is not a number from 1 to 65535",
    "acme.eu.auth0.com:70000": "has a port that is not a number from 1 to 65535",
    "acme.eu.auth0.com:": "has a port that is not a number from 1 to 65535",
    "acme..eu.auth0.com": "is not a domain name",
    ".acme.eu.auth0.com": "is not a domain name",
    "acme_dev.eu.auth0.com": "is not a domain name",
    "https://": "is not a domain name",
  };
  for (const [text, why] of Object.entries(wrong)) {
    it(`is refused where it ${why}: ${JSON.stringify(text)}`, () =>
      assert.deepEqual(readDomain(text), { why }));
  }
});
