import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { SignJWT, calculateJwkThumbprint } from "jose";
import type { AnswerBody } from "../answer-body.ts";
import { setupTenant } from "../setup-tenant.ts";

describe("/api/v2/clients", () => {
  const setup = setupTenant();

  it("refuses a client without a name, and an id that does not exist", async () => {
    const { api } = setup();
    const nameless = await api("POST", "/clients", {});
    assert.equal(nameless.status, 400);
    assert.equal(nameless.body.errorCode, "invalid_body");
    const missing = await api("GET", "/clients/none");
    assert.deepEqual(missing.body, {
      statusCode: 404,
      error: "Not Found",
      message: "The client does not exist",
      errorCode: "inexistent_client",
    });
  });

  it("creates one with Auth0's defaults, an id and a secret", async () => {
    const { body, status } = await setup().api("POST", "/clients", { name: "App" });
    assert.equal(status, 201);
    assert.match(body.client_id, /^[A-Za-z0-9]{32}$/);
    assert.equal(body.client_secret.length, 64);
    const { grant_types, is_first_party, jwt_configuration, oidc_conformant } = body as unknown as Record<
      string,
      unknown
    >;
    assert.deepEqual([is_first_party, oidc_conformant], [true, false]);
    assert.deepEqual(grant_types, ["authorization_code", "implicit", "refresh_token", "client_credentials"]);
    assert.deepEqual(jwt_configuration, { secret_encoded: false, lifetime_in_seconds: 36000 });
  });

  it("shows the secret only to a token that may read secrets", async () => {
    const { api, request, tokenWith } = setup();
    const { body } = await api("POST", "/clients", { name: "App" });
    const secretSeen = async (...scopes: string[]) => {
      const headers = { authorization: `Bearer ${await tokenWith(...scopes)}` };
      const one = await request("GET", `/api/v2/clients/${body.client_id}`, { headers });
      const all = await request("GET", "/api/v2/clients?page=0&include_totals=true", { headers });
      return [one.body, ...all.body.clients].map((client) => "client_secret" in client);
    };
    assert.ok((await secretSeen("read:clients")).every((seen) => !seen));
    assert.ok((await secretSeen("read:clients", "read:client_keys")).every((seen) => seen));
  });

  it("merges client_metadata, removes with null, and keeps the rest", async () => {
    const { api } = setup();
    const fields = { name: "App", description: "one", client_metadata: { a: "1", b: "2" } };
    const { body } = await api("POST", "/clients", fields);
    const path = `/clients/${body.client_id}`;
    const changed = await api("PATCH", path, { client_metadata: { a: null, c: "3" } });
    assert.deepEqual((changed.body as unknown as typeof fields).client_metadata, { b: "2", c: "3" });
    assert.equal((changed.body as unknown as typeof fields).description, "one");
    const emptied = await api("PATCH", path, { client_metadata: { b: null, c: null } });
    assert.deepEqual((emptied.body as unknown as typeof fields).client_metadata, {});
  });

  it("takes a new secret, with which the client gets its tokens from then on", async () => {
    const { api, request, tenant } = setup();
    const { body } = await api("POST", "/clients", { name: "M2M", app_type: "non_interactive" });
    const audience = `https://${tenant.domain}/api/v2/`;
    await api("POST", "/client-grants", { client_id: body.client_id, audience, scope: ["read:users"] });
    await api("PATCH", `/clients/${body.client_id}`, { client_secret: "a-secret-of-our-own" });
    const tokenWith = async (client_secret: string): Promise<number> => {
      const form = { grant_type: "client_credentials", client_id: body.client_id, client_secret, audience };
      return (await request("POST", "/oauth/token", { body: form })).status;
    };
    assert.deepEqual(
      [await tokenWith(body.client_secret), await tokenWith("a-secret-of-our-own")],
      [401, 200],
    );
  });

  it("lists with totals, selects fields, and forgets a deleted one with its grants", async () => {
    const { api, tenant } = setup();
    const { body } = await api("POST", "/clients", { name: "App" });
    const audience = `https://${tenant.domain}/api/v2/`;
    await api("POST", "/client-grants", { client_id: body.client_id, audience, scope: [] });
    const list = (await api("GET", "/clients?page=0&per_page=100&include_totals=true")).body;
    assert.deepEqual(
      list.clients.map(({ name }) => name),
      ["Local machine-to-machine", "App"],
    );
    const selected = await api("GET", `/clients/${body.client_id}?fields=name,client_id&include_fields=true`);
    assert.deepEqual(selected.body, { client_id: body.client_id, name: "App" });
    assert.equal((await api("DELETE", `/clients/${body.client_id}`)).status, 204);
    assert.equal((await api("GET", `/clients/${body.client_id}`)).status, 404);
    const grants = await api("GET", `/client-grants?client_id=${body.client_id}&include_totals=true`);
    assert.equal(grants.body.total, 0);
  });

  it("keeps public keys, and gives a token for an assertion signed with one in use", async () => {
    const { api, request, tenant } = setup();
    const { body } = await api("POST", "/clients", {
      name: "M2M",
      app_type: "non_interactive",
      token_endpoint_auth_method: "client_secret_post",
    });
    const id = body.client_id;
    const audience = `https://${tenant.domain}/api/v2/`;
    await api("POST", "/client-grants", { client_id: id, audience, scope: ["read:users"] });
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const created = await api("POST", `/clients/${id}/credentials`, {
      credential_type: "public_key",
      name: "key",
      pem,
      alg: "RS256",
    });
    assert.equal(created.status, 201);
    assert.match(created.body.id, /^cred_[A-Za-z0-9]{22}$/);
    assert.equal(created.body.kid, await calculateJwkThumbprint(publicKey));
    assert.equal("pem" in created.body, false);
    const list = (await api("GET", `/clients/${id}/credentials?include_totals=true`))
      .body as unknown as AnswerBody[];
    assert.deepEqual(list, [created.body]);

    const tokenStatus = async (): Promise<number> => {
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg: "RS256" })
        .setIssuer(id)
        .setSubject(id)
        .setAudience(`https://${tenant.domain}/`)
        .setJti(String(Math.random()))
        .setExpirationTime("1m")
        .sign(privateKey);
      const form = {
        grant_type: "client_credentials",
        audience,
        client_assertion: assertion,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      };
      return (await request("POST", "/oauth/token", { body: form })).status;
    };
    assert.equal(await tokenStatus(), 401);
    const inUse = { private_key_jwt: { credentials: [{ id: created.body.id }] } };
    const both = await api("PATCH", `/clients/${id}`, { client_authentication_methods: inUse });
    assert.equal(both.status, 400);
    const used = await api("PATCH", `/clients/${id}`, {
      client_authentication_methods: inUse,
      token_endpoint_auth_method: null,
    });
    assert.equal("token_endpoint_auth_method" in used.body, false);
    assert.equal("client_secret" in used.body, false);
    assert.equal(await tokenStatus(), 200);
    const bySecret = { grant_type: "client_credentials", client_id: id, client_secret: body.client_secret };
    assert.equal((await request("POST", "/oauth/token", { body: { ...bySecret, audience } })).status, 401);
  });

  it("leaves out what was never set, and shows the tenant's certificate", async () => {
    const body = await created({ name: "M2M", app_type: "non_interactive" });
    for (const field of [
      "callbacks",
      "allowed_logout_urls",
      "client_metadata",
      "token_endpoint_auth_method",
    ]) {
      assert.equal(field in body, false, field);
    }
    const [{ cert, subject }] = body["signing_keys"] as [{ cert: string; subject: string }];
    assert.match(cert, /^-----BEGIN CERTIFICATE-----/);
    assert.equal(subject, "/CN=localhost");
  });

  it("shows in the place of the private key, which only the answer to POST has, what is no key", async () => {
    const made = await created({ name: "New" });
    const [{ key }] = made["signing_keys"] as [{ key: string }];
    assert.match(key, /^[\w-]{64}$/);
    assert.equal(made["encrypted"], true);
    const { body } = await setup().api("GET", `/clients/${String(made["client_id"])}`);
    const [later] = (body as unknown as { signing_keys: object[] }).signing_keys;
    assert.deepEqual(Object.keys(later ?? {}), ["cert", "pkcs7", "subject"]);
  });

  it("gives each kind of application its own lifetimes and grants", async () => {
    const machine = await created({ name: "M2M", app_type: "non_interactive" });
    const page = await created({ name: "Page", app_type: "spa" });
    const api = await created({ name: "API", app_type: "resource_server" });
    const lifetime = (client: Record<string, unknown>) =>
      (client["refresh_token"] as { token_lifetime: number }).token_lifetime;
    assert.deepEqual([lifetime(machine), lifetime(page)], [31557600, 2592000]);
    assert.equal((machine["grant_types"] as string[]).length, 4);
    assert.deepEqual(page["grant_types"], ["authorization_code", "implicit", "refresh_token"]);
    assert.deepEqual(api["grant_types"], []);
    assert.deepEqual(api["jwt_configuration"], { secret_encoded: false, alg: "RS256" });
  });

  it("merges the settings of tokens, and shows back-channel logout under both names", async () => {
    const first = await created({ name: "App", jwt_configuration: { alg: "RS256" } });
    assert.deepEqual(first["jwt_configuration"], { secret_encoded: false, alg: "RS256" });
    const urls = { backchannel_logout_urls: ["https://a.example/logout"] };
    const { api } = setup();
    const path = `/clients/${String(first["client_id"])}`;
    const changed = (
      await api("PATCH", path, {
        jwt_configuration: { lifetime_in_seconds: 60 },
        oidc_logout: { ...urls, backchannel_logout_initiators: { mode: "all" } },
      })
    ).body as unknown as Record<string, unknown>;
    assert.deepEqual(changed["jwt_configuration"], {
      secret_encoded: false,
      alg: "RS256",
      lifetime_in_seconds: 60,
    });
    assert.deepEqual(changed["oidc_backchannel_logout"], urls);
    const without = (await api("PATCH", path, { oidc_backchannel_logout: null })).body;
    assert.equal("oidc_logout" in without || "oidc_backchannel_logout" in without, false);
  });

  it("makes credentials of the keys that come with a new application", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const body = await created({
      name: "Keys",
      client_authentication_methods: {
        private_key_jwt: { credentials: [{ credential_type: "public_key", pem }] },
      },
    });
    const methods = body["client_authentication_methods"] as {
      private_key_jwt: { credentials: { id: string }[] };
    };
    const [credential] = methods.private_key_jwt.credentials;
    assert.deepEqual(Object.keys(credential ?? {}), ["id"]);
    const path = `/clients/${String(body["client_id"])}/credentials/${credential?.id ?? ""}`;
    assert.equal((await setup().api("GET", path)).body.kid, await calculateJwkThumbprint(publicKey));
  });

  it("keeps certificates by their subject or their thumbprint", async () => {
    const client = await created({ name: "Certificates" });
    const path = `/clients/${String(client["client_id"])}/credentials`;
    const pem = (client["signing_keys"] as [{ cert: string }])[0].cert;
    const { api } = setup();
    const subject = (await api("POST", path, { credential_type: "cert_subject_dn", pem }))
      .body as unknown as Record<string, unknown>;
    assert.equal(subject["subject_dn"], "CN=localhost");
    const own = (await api("POST", path, { credential_type: "x509_cert", pem })).body as unknown as Record<
      string,
      unknown
    >;
    assert.match(String(own["thumbprint_sha256"]), /^[\w-]{43}$/);
    assert.match(String(own["expires_at"]), /\.000Z$/);
  });

  describe("refuses", () => {
    const refusals: [string, object, RegExp][] = [
      ["a property that does not exist", { no_such: 1 }, /Additional properties not allowed: no_such/],
      ["a name with a tag", { name: "a<b" }, /String does not match pattern .* on property name/],
      ["an unknown type", { app_type: "robot" }, /No enum match for: robot/],
      ["no change at all", {}, /Too few properties defined/],
      ["an organization without its id", { default_organization: { flows: [] } }, /organization_id/],
      ["eleven keys of metadata", { client_metadata: elevenKeys() }, /Too many properties defined \(11\)/],
      ["no way to log in", { client_authentication_methods: {} }, /Too few properties/],
    ];
    for (const [what, changes, message] of refusals) {
      it(what, async () => {
        const client = await created({ name: "App" });
        const answer = await setup().api("PATCH", `/clients/${String(client["client_id"])}`, changes);
        assert.equal(answer.status, 400);
        assert.match(answer.body.message, message);
      });
    }
  });

  async function created(fields: object): Promise<Record<string, unknown>> {
    const { body, status } = await setup().api("POST", "/clients", fields);
    assert.equal(status, 201);
    return body as unknown as Record<string, unknown>;
  }
});

function elevenKeys(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, ""]));
}
