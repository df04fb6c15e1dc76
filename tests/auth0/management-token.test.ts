import assert from "node:assert/strict";
import { requestManagementToken, type ClientProof } from "../../auth0/management-token.ts";
import { testKeyPair } from "../key-pair.ts";
import { setupTenant } from "../tenant/setup-tenant.ts";
import { trustedFetch } from "../trusted-fetch.ts";

describe("a token for the Management API", () => {
  const setup = setupTenant();
  let trusted: ReturnType<typeof trustedFetch>;

  beforeEach(() => {
    trusted = trustedFetch(setup().certificates.caFile);
  });
  afterEach(() => trusted.restore());

  async function clientWith(publicKeys: readonly string[]): Promise<string> {
    const { api, tenant } = setup();
    const { client_id } = tenant.clients.create({ name: "M2M", app_type: "non_interactive" });
    const audience = `https://${tenant.domain}/api/v2/`;
    await api("POST", "/client-grants", { client_id, audience, scope: ["read:users", "update:users"] });
    const credentials: { id: string }[] = [];
    for (const pem of publicKeys) {
      const { body } = await api("POST", `/clients/${client_id}/credentials`, {
        credential_type: "public_key",
        pem,
      });
      credentials.push({ id: body.id });
    }
    await api("PATCH", `/clients/${client_id}`, {
      client_authentication_methods: { private_key_jwt: { credentials } },
      token_endpoint_auth_method: null,
    });
    return client_id;
  }

  const tokenOf = (clientId: string, proof: ClientProof, domain = setup().tenant.domain) =>
    requestManagementToken({ domain, clientId, ...proof });

  it("is refused for a wrong secret, without showing it", async () => {
    const { clientId } = setup().tenant;
    const error: unknown = await tokenOf(clientId, { clientSecret: "hush-hush" }).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof Error);
    assert.equal((error as Error & { code?: string }).code, "client-refused");
    assert.match(error.message, new RegExp(`refuses client ${clientId} \\(status 401\\)`));
    assert.doesNotMatch(error.message, /hush/);
  });

  it("is refused for a key that the client does not have", async () => {
    const clientId = await clientWith([testKeyPair().publicKey]);
    await assert.rejects(tokenOf(clientId, { privateKey: testKeyPair().privateKey }), {
      code: "client-refused",
    });
  });

  it("is not asked for with a key that is none, and the error does not quote it", async () => {
    const error: unknown = await tokenOf("id", { privateKey: "-----BEGIN PRIVATE KEY-----\nc2VjcmV0" }).catch(
      (thrown: unknown) => thrown,
    );
    assert.equal((error as { code?: string }).code, "client-key-broken");
    assert.doesNotMatch(String(error), /c2VjcmV0/);
    assert.equal((error as Error).cause, undefined);
  });

  it("is not had where nobody answers", async () => {
    await assert.rejects(tokenOf("id", { clientSecret: "s" }, "localhost:1"), {
      code: "auth0-unreachable",
      message: /localhost:1 .*did not answer the token request/,
    });
  });

  it("comes with its scopes for a secret, and for either of two keys", async () => {
    const { tenant } = setup();
    const bySecret = await tokenOf(tenant.clientId, { clientSecret: tenant.clientSecret });
    assert.ok(bySecret.scopes.includes("read:users"));
    const [old, next] = [testKeyPair(), testKeyPair()];
    const clientId = await clientWith([old.publicKey, next.publicKey]);
    for (const { privateKey } of [old, next]) {
      const { accessToken, scopes, expiresIn } = await tokenOf(clientId, { privateKey });
      assert.equal(accessToken.split(".").length, 3);
      assert.deepEqual(scopes, ["read:users", "update:users"]);
      assert.equal(expiresIn, 86_400);
    }
  });
});
