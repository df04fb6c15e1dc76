import assert from "node:assert/strict";
import { exportJWK, generateKeyPair } from "jose";
import { login } from "../../../local/login/login.ts";
import { signingKeyOfProcess } from "../../../tenant/token/signing-key.ts";
import { setupTenant } from "../../tenant/setup-tenant.ts";

describe("login", () => {
  const setup = setupTenant();
  const setupLogin = async () => {
    const { application, certificates, tenant } = setup();
    tenant.users.create({ user_id: "auth0|1", name: "One" });
    const { clientId } = await application();
    const { domain } = tenant;
    return {
      options: {
        domain,
        caFile: certificates.caFile,
        clientId,
        redirectUri: "http://localhost:3000/callback",
      },
    };
  };

  it("rejects an ID token that is not signed with the published key", async () => {
    const { certificates, tenant } = setup();
    const { publicKey } = await generateKeyPair("RS256");
    const { kid } = await signingKeyOfProcess();
    const keys = [{ ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" }];
    tenant.app.addHook("onRequest", (request, reply, done) => {
      if (request.url === "/.well-known/jwks.json") void reply.send({ keys });
      else done();
    });
    tenant.users.create({ user_id: "auth0|1" });
    const redirectUri = "http://localhost:3000/callback";
    const { client_id } = tenant.clients.create({ name: "App", app_type: "spa", callbacks: [redirectUri] });
    const options = { domain: tenant.domain, caFile: certificates.caFile, clientId: client_id, redirectUri };
    await assert.rejects(login({ ...options, userId: "auth0|1" }), ({ cause }: Error) => {
      return cause instanceof Error && cause.message.includes("signature");
    });
  });

  it("rejects a user who does not exist", async () => {
    const { options } = await setupLogin();
    await assert.rejects(login({ ...options, userId: "auth0|none" }), { code: "no-such-user" });
  });

  it("rejects an application that does not exist, with the page's words", async () => {
    const { options } = await setupLogin();
    await assert.rejects(login({ ...options, clientId: "none", userId: "auth0|1" }), {
      code: "unexpected-answer",
      message: /\/authorize answered 400: This login does not work client is invalid/,
    });
  });

  it("rejects a server that another authority vouches for", async () => {
    const { options } = await setupLogin();
    await assert.rejects(login({ ...options, caFile: "/dev/null", userId: "auth0|1" }));
  });

  it("gives the claims of a verified ID token and the tokens", async () => {
    const { options } = await setupLogin();
    const tokens = await login({ ...options, userId: "auth0|1" });
    assert.equal(tokens.idTokenClaims["name"], "One");
    assert.equal(tokens.idToken?.split(".").length, 3);
    assert.equal(tokens.refreshToken, undefined);
  });

  it("gives no ID token without the scope openid", async () => {
    const { options } = await setupLogin();
    const tokens = await login({ ...options, userId: "auth0|1", scope: "profile" });
    assert.deepEqual(tokens.idTokenClaims, {});
    assert.equal(tokens.idToken, undefined);
  });
});
