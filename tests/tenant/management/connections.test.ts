import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

describe("/api/v2/connections", () => {
  const setup = setupTenant();
  const idOf = async (name: string): Promise<string> => {
    const { body } = await setup().api("GET", `/connections?name=${name}&include_totals=true`);
    return body.connections[0]!.id;
  };

  it("refuses a name that is taken and an id that does not exist", async () => {
    const { api } = setup();
    assert.equal(
      (await api("POST", "/connections", { name: "google-oauth2", strategy: "google-oauth2" })).status,
      409,
    );
    assert.equal((await api("GET", "/connections/none")).body.errorCode, "inexistent_connection");
  });

  it("refuses a change of options without the scope for them", async () => {
    const { request, tokenWith } = setup();
    const headers = { authorization: `Bearer ${await tokenWith("update:connections")}` };
    const path = `/api/v2/connections/${await idOf("google-oauth2")}`;
    assert.equal((await request("PATCH", path, { headers, body: { options: {} } })).status, 403);
  });

  it("shows no options without the scope for them", async () => {
    const { api, request, tokenWith } = setup();
    const headers = { authorization: `Bearer ${await tokenWith("read:connections")}` };
    const path = `/connections/${await idOf("google-oauth2")}`;
    assert.equal("options" in (await request("GET", `/api/v2${path}`, { headers })).body, false);
    assert.equal("options" in (await api("GET", path)).body, true);
  });

  it("replaces options as a whole", async () => {
    const { api } = setup();
    const path = `/connections/${await idOf("google-oauth2")}`;
    const { body } = await api("PATCH", path, { options: { set_user_root_attributes: "on_first_login" } });
    assert.deepEqual(body.options, { set_user_root_attributes: "on_first_login", scope: [] });
  });

  it("creates a database with Auth0's defaults", async () => {
    const { body, status } = await setup().api("POST", "/connections", { name: "staff", strategy: "auth0" });
    assert.equal(status, 201);
    assert.match(body.id, /^con_[A-Za-z0-9]{16}$/);
    assert.equal(body.options["passwordPolicy"], "good");
    assert.deepEqual((body as unknown as { realms: string[] }).realms, ["staff"]);
  });

  it("gives a company's provider its button, its ticket and its options, and reads a certificate", async () => {
    const { api, tenant } = setup();
    const made = async (strategy: string, options: object) => {
      const { body } = await api("POST", "/connections", { name: `made-${strategy}`, strategy, options });
      return body as unknown as Record<string, unknown> & { options: Record<string, unknown> };
    };
    const workspace = await made("google-apps", { domain: "a.example" });
    assert.equal(workspace["show_as_button"], false);
    assert.match(
      String(workspace["provisioning_ticket_url"]),
      new RegExp(`^https://${tenant.domain}/p/google-apps/\\w{8}$`),
    );
    assert.deepEqual(workspace.options["scope"], ["email", "profile"]);
    const oidc = await made("oidc", { client_id: "1" });
    assert.equal(oidc["display_name"], "made-oidc");
    assert.equal(oidc.options["schema_version"], "oidc-V4");
    const client = (await api("POST", "/clients", { name: "Any" })).body as unknown as {
      signing_keys: [{ cert: string }];
    };
    const saml = await made("samlp", { signingCert: client.signing_keys[0].cert });
    assert.deepEqual(saml.options["subject"], { commonName: "localhost" });
  });

  it("keeps or makes up some of a provider's options at a change, and shows Workspace's applications only in lists", async () => {
    const { api } = setup();
    const made = async (strategy: string, options: object) =>
      (await api("POST", "/connections", { name: `made-${strategy}`, strategy, options })).body;
    const workspace = await made("google-apps", { domain: "a.example", map_user_id_to_id: true });
    const changed = await api("PATCH", `/connections/${workspace.id}`, { options: { domain: "b.example" } });
    assert.equal(changed.body.options["map_user_id_to_id"], true);
    const oidc = await made("oidc", { client_id: "1" });
    assert.deepEqual(oidc.options["connection_settings"], { pkce: "auto" });
    const other = await api("PATCH", `/connections/${oidc.id}`, { options: { client_id: "2" } });
    assert.deepEqual(other.body.options["connection_settings"], { pkce: "disabled" });
    for (const [{ id }, isShown] of [
      [workspace, false],
      [oidc, true],
    ] as const) {
      assert.equal("enabled_clients" in (await api("GET", `/connections/${id}`)).body, isShown);
      assert.equal((await api("GET", `/connections/${id}/clients`)).status, 200);
    }
  });

  it("knows what Okta says of an organization's address, and nothing of where it has no address", async () => {
    const { api } = setup();
    const metadataOf = async (name: string, options: object): Promise<unknown> =>
      (await api("POST", "/connections", { name, strategy: "okta", options })).body.options["oidc_metadata"];
    const found = (await metadataOf("by-domain", { domain: "staff.okta.example" })) as { jwks_uri: string };
    assert.equal(found.jwks_uri, "https://staff.okta.example/oauth2/v1/keys");
    assert.equal(await metadataOf("by-issuer", { issuer: "https://staff.okta.example" }), undefined);
  });

  it("keeps what it knew of a SAML provider whose metadata it would have to fetch", async () => {
    const { api } = setup();
    const metadataXml = `<md:SingleSignOnService Binding="urn:post" Location="https://provider.example/in"/>`;
    const made = await api("POST", "/connections", {
      name: "company",
      strategy: "samlp",
      options: { metadataXml },
    });
    const signIn = async (options: object) =>
      (await api("PATCH", `/connections/${made.body.id}`, { options })).body.options["signInEndpoint"];
    assert.equal(
      await signIn({ metadataUrl: "https://provider.example/metadata" }),
      "https://provider.example/in",
    );
    assert.equal(await signIn({ tenant_domain: "a.example" }), undefined);
  });

  it("gives a Microsoft connection of the older identity API its ticket and its domain", async () => {
    for (const [identity_api, expected] of [
      ["azure-active-directory-v1.0", true],
      ["microsoft-identity-platform-v2.0", false],
    ] as const) {
      const name = `made-${expected ? "older" : "newer"}`;
      const options = { client_id: "1", identity_api };
      const { body } = await setup().api("POST", "/connections", { name, strategy: "waad", options });
      assert.deepEqual(
        ["provisioning_ticket_url" in body, "app_domain" in body.options],
        [expected, expected],
      );
    }
  });

  it("takes away with null that an application may use its tokens, and nothing else with it", async () => {
    const { api } = setup();
    const body = { name: "made", strategy: "oidc", options: { client_id: "1" } };
    const app = { cross_app_access_resource_app: { status: "enabled" } };
    const made = await api("POST", "/connections", { ...body, ...app });
    const changed = await api("PATCH", `/connections/${made.body.id}`, {
      cross_app_access_resource_app: null,
    });
    assert.deepEqual([changed.status, "cross_app_access_resource_app" in changed.body], [200, false]);
    assert.equal(changed.body.options["client_id"], "1");
  });

  it("lets a new database have emails that are not unique, and no database become one", async () => {
    const { api } = setup();
    const identifier = { active: true };
    const options = { attributes: { email: { identifier, unique: false }, username: { identifier } } };
    const made = await api("POST", "/connections", { name: "made", strategy: "auth0", options });
    assert.equal(made.status, 201);
    assert.equal((await api("PATCH", `/connections/${made.body.id}`, { options })).status, 200);
    const path = `/connections/${await idOf("Username-Password-Authentication")}`;
    const refused = await api("PATCH", path, { options });
    assert.deepEqual([refused.status, refused.body.message], [400, "cannot add non-unique email attribute"]);
  });

  it("never shows a database's configuration again, and keeps what is sent back", async () => {
    const { api } = setup();
    const configuration = { key: "secret" };
    const { body } = await api("POST", "/connections", {
      name: "scripts",
      strategy: "auth0",
      options: { configuration },
    });
    const shown = body.options["configuration"] as { key: string };
    assert.notEqual(shown.key, "secret");
    const again = await api("PATCH", `/connections/${body.id}`, { options: { configuration: shown } });
    assert.deepEqual(again.body.options["configuration"], shown);
  });

  describe("refuses", () => {
    const active = { email: { identifier: { active: true } } };
    const refusals: [string, object, string][] = [
      [
        "attributes beside validation",
        { attributes: active, validation: { username: { min: 1, max: 9 } } },
        "Cannot set both options.attributes and options.validation",
      ],
      [
        "attributes beside requires_username",
        { attributes: active, requires_username: true },
        "Cannot set both options.attributes and options.requires_username",
      ],
      [
        "attributes by which nobody can log in",
        { attributes: { email: { identifier: { active: false } } } },
        "attributes must contain one active identifier",
      ],
      [
        "an identifier that nobody can sign up with",
        { attributes: { phone_number: { identifier: { active: true }, signup: { status: "inactive" } } } },
        "attribute phone_number must also be required on signup",
      ],
    ];
    for (const [what, options, message] of refusals) {
      it(what, async () => {
        const { body, status } = await setup().api("POST", "/connections", {
          name: "db",
          strategy: "auth0",
          options,
        });
        assert.deepEqual([status, body.message, body.errorCode], [400, message, "invalid_body"]);
      });
    }

    it("an unknown strategy, a name with a space, and no change at all", async () => {
      const { api } = setup();
      const post = (fields: object) =>
        api("POST", "/connections", { name: "x", strategy: "auth0", ...fields });
      assert.match((await post({ strategy: "carrier-pigeon" })).body.message, /No enum match/);
      assert.match((await post({ name: "a b" })).body.message, /does not match pattern/);
      const path = `/connections/${await idOf("google-oauth2")}`;
      assert.match((await api("PATCH", path, {})).body.message, /Too few properties/);
    });
  });

  it("enables and disables applications one by one", async () => {
    const { api } = setup();
    const path = `/connections/${await idOf("google-oauth2")}/clients`;
    await api("PATCH", path, [
      { client_id: "a", status: true },
      { client_id: "b", status: true },
    ]);
    assert.equal((await api("PATCH", path, [{ client_id: "a", status: false }])).status, 204);
    assert.deepEqual((await api("GET", path)).body, { clients: [{ client_id: "b" }] });
  });

  it("selects fields, with those that always come", async () => {
    const { api } = setup();
    const { body } = await api("GET", `/connections/${await idOf("google-oauth2")}?fields=name,strategy`);
    assert.deepEqual(Object.keys(body).sort(), [
      "authentication",
      "connected_accounts",
      "id",
      "is_domain_connection",
      "name",
      "strategy",
    ]);
  });

  it("answers a deletion with 202 and its time", async () => {
    const { api } = setup();
    const removed = await idOf("google-oauth2");
    const answer = await api("DELETE", `/connections/${removed}`);
    assert.equal(answer.status, 202);
    const again = await api("DELETE", `/connections/${removed}`);
    assert.equal(again.status, 204);
    assert.match((answer.body as unknown as { deleted_at: string }).deleted_at, /^\d{4}-.*\.\d{3}Z$/);
  });
});

describe("A tenant that is started empty", () => {
  const setup = setupTenant({ empty: true });

  it("has the default database, its own application and API, no user and no Action", async () => {
    const { api } = setup();
    const names = async (list: string): Promise<unknown[]> => {
      const body = (await api("GET", `/${list}`)).body as unknown as { name: string }[];
      return body.map(({ name }) => name);
    };
    assert.deepEqual(await names("connections"), ["Username-Password-Authentication"]);
    assert.deepEqual(await names("clients"), ["Local machine-to-machine"]);
    assert.deepEqual(await names("resource-servers"), ["Auth0 Management API"]);
    assert.deepEqual(await names("users"), []);
    assert.deepEqual((await api("GET", "/actions/actions")).body, { actions: [], per_page: 50 });
  });
});
