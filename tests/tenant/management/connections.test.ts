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
    assert.deepEqual(body.options, { set_user_root_attributes: "on_first_login" });
  });

  it("creates a database with Auth0's defaults", async () => {
    const { body, status } = await setup().api("POST", "/connections", { name: "staff", strategy: "auth0" });
    assert.equal(status, 201);
    assert.match(body.id, /^con_[A-Za-z0-9]{16}$/);
    assert.equal(body.options["passwordPolicy"], "good");
    assert.deepEqual((body as unknown as { realms: string[] }).realms, ["staff"]);
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
    assert.deepEqual(Object.keys(body).sort(), ["id", "is_domain_connection", "name", "strategy"]);
  });

  it("answers a deletion with 202 and its time", async () => {
    const { api } = setup();
    const answer = await api("DELETE", `/connections/${await idOf("google-oauth2")}`);
    assert.equal(answer.status, 202);
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
