import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

describe("/api/v2/client-grants", () => {
  const setup = setupTenant();
  const setupGrant = () => {
    const { api, tenant } = setup();
    const { client_id } = tenant.clients.create({ name: "M2M" });
    const audience = `https://${tenant.domain}/api/v2/`;
    const create = (fields: object) => api("POST", "/client-grants", { client_id, audience, ...fields });
    return { api, client_id, audience, create };
  };

  it("refuses a second one for the same application and API, and unknown ones of either", async () => {
    const { create } = setupGrant();
    assert.equal((await create({ scope: [] })).status, 201);
    assert.equal((await create({ scope: ["read:users"] })).status, 409);
    assert.equal((await create({ client_id: "none" })).status, 404);
    assert.equal((await create({ audience: "https://none" })).status, 404);
  });

  it("keeps an empty list of scopes and returns it", async () => {
    const { api, audience, client_id, create } = setupGrant();
    const { body } = await create({ scope: [] });
    assert.match(body.id, /^cgr_[A-Za-z0-9]{16}$/);
    const expected = {
      id: body.id,
      client_id,
      audience,
      scope: [],
      subject_type: "client",
    };
    assert.deepEqual(body, expected);
    assert.deepEqual((await api("GET", `/client-grants/${body.id}`)).body, expected);
  });

  it("has no list of scopes while all are allowed", async () => {
    const { api, create } = setupGrant();
    const { body } = await create({ scope: ["read:users"] });
    const all = await api("PATCH", `/client-grants/${body.id}`, { allow_all_scopes: true });
    assert.equal("scope" in all.body, false);
    const back = await api("PATCH", `/client-grants/${body.id}`, { allow_all_scopes: false, scope: [] });
    assert.deepEqual(back.body.scope, []);
  });

  it("lists by application, with totals, bare, or by checkpoint, and deletes", async () => {
    const { api, client_id, create } = setupGrant();
    const { body } = await create({ scope: ["read:users"] });
    const query = `/client-grants?client_id=${client_id}&per_page=50`;
    const totals = (await api("GET", `${query}&include_totals=true`)).body;
    assert.deepEqual(totals, { total: 1, start: 0, limit: 50, client_grants: [body] });
    assert.deepEqual((await api("GET", `${query}&take=100&include_totals=true`)).body, {
      client_grants: [body],
    });
    assert.deepEqual((await api("GET", query)).body, [body]);
    assert.equal((await api("DELETE", `/client-grants/${body.id}`)).status, 204);
    const none = (await api("GET", `${query}&include_totals=true`)).body;
    assert.deepEqual(none, { total: 0, start: 0, limit: 50, client_grants: [] });
  });

  it("goes on at a checkpoint until the last page", async () => {
    const { api, audience, create } = setupGrant();
    await create({ scope: [] });
    const path = `/client-grants?audience=${encodeURIComponent(audience)}&take=1`;
    const first = (await api("GET", path)).body;
    const second = (await api("GET", `${path}&from=${first.next}`)).body;
    assert.equal("next" in second, false);
    assert.notEqual(first.client_grants[0]!.id, second.client_grants[0]!.id);
  });
});
