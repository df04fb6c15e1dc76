import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

const identifier = "https://api.example.com";
const read = { resource_server_identifier: identifier, permission_name: "read:all" };

describe("/api/v2/roles", () => {
  const setup = setupTenant();
  const createRole = async (name: string): Promise<string> =>
    (await setup().api("POST", "/roles", { name })).body.id;
  const createApi = () =>
    setup().api("POST", "/resource-servers", {
      identifier,
      name: "Pictures",
      scopes: [{ value: "read:all", description: "Read" }],
    });
  const createUser = (): string =>
    setup().tenant.users.create({ user_id: "auth0|1", email: "a@b.cd" }).user_id;

  it("refuses a name that is taken, an unknown field and an id that does not exist", async () => {
    const { api } = setup();
    await createRole("Curator");
    assert.equal((await api("POST", "/roles", { name: "Curator" })).status, 409);
    assert.equal((await api("POST", "/roles", { name: "Other", colour: "red" })).status, 400);
    const missing = await api("GET", "/roles/none");
    assert.equal(missing.status, 404);
    assert.equal("errorCode" in missing.body, false);
    assert.equal((await api("DELETE", "/roles/none")).status, 404);
  });

  it("refuses permissions of an API or a name that does not exist", async () => {
    const { api } = setup();
    const path = `/roles/${await createRole("Curator")}/permissions`;
    assert.equal((await api("POST", path, { permissions: [read] })).status, 404);
    await createApi();
    const other = { ...read, permission_name: "none" };
    const unknown = (await api("POST", path, { permissions: [other] })).body;
    assert.deepEqual([unknown.statusCode, unknown.errorCode], [404, "inexistent_resource_server_permission"]);
    assert.equal((await api("POST", path, { permissions: [] })).status, 400);
  });

  it("creates with 200, changes, and deletes with 200 and an empty object", async () => {
    const { api } = setup();
    const { body, status } = await api("POST", "/roles", { name: "Curator", description: "Looks" });
    assert.equal(status, 200);
    assert.match(body.id, /^rol_[A-Za-z0-9]{16}$/);
    const changed = await api("PATCH", `/roles/${body.id}`, { name: "Keeper" });
    assert.deepEqual(changed.body, { id: body.id, name: "Keeper", description: "Looks", type: "tenant" });
    const deleted = await api("DELETE", `/roles/${body.id}`);
    assert.deepEqual([deleted.status, deleted.text], [200, "{}"]);
    assert.equal((await api("GET", `/roles/${body.id}`)).status, 404);
  });

  it("says in lists and after changes that a role is the tenant's, and finds by that", async () => {
    const { api } = setup();
    await api("POST", "/roles", { name: "Member", type: "organization", owner_id: "org_1" });
    const { body } = await api("POST", "/roles", { name: "Curator" });
    assert.deepEqual(body, { id: body.id, name: "Curator", type: "tenant" });
    const names = async (type: string) => {
      const { text } = await api("GET", `/roles?type=${type}`);
      return (JSON.parse(text) as { name: string }[]).map(({ name }) => name);
    };
    assert.deepEqual(await names("tenant"), ["Curator"]);
    assert.deepEqual(await names("organization"), ["Member"]);
  });

  it("finds by a part of the name and shows zeros in its envelope", async () => {
    const { api } = setup();
    await createRole("Curator");
    const list = async (part: string) =>
      (await api("GET", `/roles?name_filter=${part}&page=0&per_page=10&include_totals=true`)).body;
    assert.equal((await list("CUR")).total, 1);
    assert.deepEqual(await list("none"), { total: 0, start: 0, limit: 10, roles: [] });
  });

  it("keeps a permission once, with what its API says about it, until it is taken away", async () => {
    const { api } = setup();
    await createApi();
    const path = `/roles/${await createRole("Curator")}/permissions`;
    for (let n = 0; n < 2; n += 1)
      assert.equal((await api("POST", path, { permissions: [read] })).status, 201);
    const view = { ...read, description: "Read", resource_server_name: "Pictures" };
    assert.deepEqual((await api("GET", path)).body, [view]);
    assert.equal((await api("DELETE", path, { permissions: [read] })).status, 204);
    assert.deepEqual((await api("GET", path)).body, []);
  });

  it("is assigned to users, shows who has it, and is gone from them when it is deleted", async () => {
    const { api } = setup();
    const id = await createRole("Curator");
    const path = `/users/${encodeURIComponent(createUser())}/roles`;
    assert.equal((await api("POST", path, { roles: ["none"] })).status, 404);
    assert.equal((await api("POST", path, { roles: [id] })).status, 204);
    assert.deepEqual((await api("GET", `${path}?include_totals=true`)).body, {
      total: 1,
      start: 0,
      limit: 50,
      roles: [{ id, name: "Curator", description: "" }],
    });
    const members = (await api("GET", `/roles/${id}/users?include_totals=true`)).body;
    assert.deepEqual(members.users, [{ user_id: "auth0|1", email: "a@b.cd" }]);
    await api("DELETE", `/roles/${id}`);
    assert.deepEqual((await api("GET", path)).body, []);
  });

  it("is taken from a user by a DELETE with a body", async () => {
    const { api } = setup();
    const ids = [await createRole("One"), await createRole("Two")];
    const path = `/users/${encodeURIComponent(createUser())}/roles`;
    await api("POST", path, { roles: ids });
    assert.equal((await api("DELETE", path, { roles: [ids[0]] })).status, 204);
    const left = (await api("GET", `${path}?include_totals=true`)).body;
    assert.deepEqual(
      left.roles.map(({ name }) => name),
      ["Two"],
    );
  });

  it("is not needed for a permission that a user has directly", async () => {
    const { api } = setup();
    await createApi();
    const path = `/users/${encodeURIComponent(createUser())}/permissions`;
    const given = await api("POST", path, { permissions: [read] });
    assert.deepEqual([given.status, given.text], [201, "{}"]);
    const sources = [{ source_id: "", source_name: "", source_type: "DIRECT" }];
    const view = { ...read, description: "Read", resource_server_name: "Pictures", sources };
    assert.deepEqual((await api("GET", path)).body, [view]);
    assert.equal((await api("DELETE", path, { permissions: [read] })).status, 204);
    assert.deepEqual((await api("GET", path)).body, []);
  });
});
