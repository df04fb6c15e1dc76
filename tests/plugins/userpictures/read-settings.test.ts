import assert from "node:assert/strict";
import { readSettings } from "../../../plugins/userpictures/read-settings.ts";

const domain = "acme.eu.auth0.com";
const env = { AUTH0_CLIENT_ID: "id", AUTH0_CLIENT_SECRET: "secret" };

describe("the provider's settings", () => {
  it("are refused where the credentials are another tenant's", () => {
    assert.throws(() => readSettings({ domain }, { ...env, AUTH0_DOMAIN: "other.eu.auth0.com" }), {
      code: "auth0-wrong-tenant",
    });
  });

  it("take a domain with https:// and capitals from both places", () => {
    const named = { ...env, AUTH0_DOMAIN: "https://Acme.eu.auth0.com/" };
    assert.equal(readSettings({ domain }, named).domain, domain);
    assert.equal(readSettings({}, named).domain, domain);
    assert.equal(readSettings({ domain: "https://acme.EU.auth0.com" }, env).domain, domain);
    assert.throws(() => readSettings({ domain: "acme.eu.auth0.com/x" }, env), {
      code: "auth0-domain-invalid",
    });
  });

  it("are refused without a domain or without credentials", () => {
    assert.throws(() => readSettings({}, env), { code: "auth0-domain-missing" });
    assert.throws(() => readSettings({ domain }, { AUTH0_CLIENT_ID: "id" }), {
      code: "auth0-credentials-missing",
      message: /AUTH0_CLIENT_SECRET/,
    });
  });

  it("prefer a token, as the Auth0 provider does", () => {
    const { credentials } = readSettings({}, { ...env, AUTH0_DOMAIN: domain, AUTH0_API_TOKEN: "token" });
    assert.deepEqual(credentials, { token: "token" });
    assert.deepEqual(readSettings({ domain }, env).credentials, { clientId: "id", clientSecret: "secret" });
  });
});
