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
    const { body } = await api("POST", "/clients", { name: "M2M", app_type: "non_interactive" });
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
    assert.equal(await tokenStatus(), 200);
    const bySecret = { grant_type: "client_credentials", client_id: id, client_secret: body.client_secret };
    assert.equal((await request("POST", "/oauth/token", { body: { ...bySecret, audience } })).status, 401);
  });
});
