import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

describe("/api/v2/resource-servers", () => {
  const setup = setupTenant();

  it("refuses an identifier that is taken, and to delete the system's own", async () => {
    const { api, tenant } = setup();
    const identifier = `https://${tenant.domain}/api/v2/`;
    assert.equal((await api("POST", "/resource-servers", { identifier })).status, 409);
    assert.equal((await api("DELETE", `/resource-servers/${encodeURIComponent(identifier)}`)).status, 403);
    const missing = await api("GET", "/resource-servers/none");
    assert.equal(missing.body.errorCode, "inexistent_resource_server");
  });

  it("finds the Management API by its identifier, encoded once or twice", async () => {
    const { api, tenant } = setup();
    const identifier = `https://${tenant.domain}/api/v2/`;
    const once = encodeURIComponent(identifier);
    for (const path of [once, encodeURIComponent(once), once.replace("%3A", ":")]) {
      const { body, status } = await api("GET", `/resource-servers/${path}`);
      assert.equal(status, 200);
      assert.equal(body.identifier, identifier);
      assert.equal((body as unknown as { is_system: boolean }).is_system, true);
    }
  });

  it("makes the My Account API of its identifier, whatever else was sent, and lets it go again", async () => {
    const { api, tenant } = setup();
    const { body } = await api("POST", "/resource-servers", {
      identifier: `https://${tenant.domain}/me/`,
      name: "Mine",
      token_lifetime: 5,
    });
    const { is_system, token_lifetime } = body as unknown as { is_system: boolean; token_lifetime: number };
    assert.deepEqual([body.name, is_system, token_lifetime], ["Auth0 My Account API", true, 600]);
    assert.equal((await api("DELETE", `/resource-servers/${body.id}`)).status, 204);
  });

  it("creates one with Auth0's defaults, changes it, and removes options with null", async () => {
    const { api } = setup();
    const { body, status } = await api("POST", "/resource-servers", {
      identifier: "https://api.example",
      name: "API",
    });
    assert.equal(status, 201);
    assert.match(body.id, /^[0-9a-f]{24}$/);
    assert.equal("scopes" in body, false);
    const path = `/resource-servers/${body.id}`;
    const changed = await api("PATCH", path, {
      enforce_policies: true,
      scopes: [{ value: "read", description: "" }],
    });
    assert.deepEqual((changed.body as unknown as { scopes: unknown }).scopes, [
      { value: "read", description: "" },
    ]);
    const removed = (await api("PATCH", path, { enforce_policies: null })).body;
    assert.equal("enforce_policies" in removed, false);
    assert.equal((await api("DELETE", path)).status, 204);
  });

  it("gives one's own no is_system, and says who may be granted it", async () => {
    const { body } = await setup().api("POST", "/resource-servers", { identifier: "https://own.example" });
    assert.equal("is_system" in body, false);
    assert.deepEqual((body as unknown as Record<string, unknown>)["subject_type_authorization"], {
      client: { policy: "require_client_grant" },
      user: { policy: "allow_all" },
    });
  });

  it("shows an encryption key's thumbprint and never the key", async () => {
    const { api } = setup();
    const key = { name: "k", alg: "RSA-OAEP-256" };
    const { body } = await api("POST", "/resource-servers", {
      identifier: "https://sealed.example",
      token_encryption: { format: "compact-nested-jwe", encryption_key: { ...key, pem: "some key" } },
    });
    const shown = (body as unknown as { token_encryption: { encryption_key: Record<string, string> } })
      .token_encryption.encryption_key;
    assert.equal("pem" in shown, false);
    assert.match(shown["thumbprint_sha256"] ?? "", /^[\w-]{43}$/);
  });

  it("names the application that stands for the API", async () => {
    const { api } = setup();
    const identifier = "https://stands.example";
    const { body } = await api("POST", "/resource-servers", { identifier });
    const client = await api("POST", "/clients", {
      name: "Itself",
      app_type: "resource_server",
      resource_server_identifier: identifier,
    });
    const read = (await api("GET", `/resource-servers/${body.id}`)).body as unknown as Record<
      string,
      unknown
    >;
    assert.equal(read["client_id"], (client.body as unknown as Record<string, unknown>)["client_id"]);
  });

  describe("refuses", () => {
    const refusals: [string, object, RegExp][] = [
      ["a property that does not exist", { no_such: 1 }, /Additional properties not allowed: no_such/],
      ["a name with a tag", { name: "<b>" }, /String does not match pattern .* on property name/],
      [
        "a scope without a value",
        { scopes: [{}] },
        /Missing required property: value' on property scopes\[0\]/,
      ],
      ["a lifetime above thirty days", { token_lifetime: 2592001 }, /greater than maximum 2592000/],
    ];
    for (const [what, fields, message] of refusals) {
      it(what, async () => {
        const answer = await setup().api("POST", "/resource-servers", {
          identifier: "https://refused.example",
          ...fields,
        });
        assert.equal(answer.status, 400);
        assert.match(answer.body.message, message);
      });
    }
  });
});
