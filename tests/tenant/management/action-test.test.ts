import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

describe("POST /api/v2/actions/actions/{id}/test", () => {
  const setup = setupTenant();
  const create = async (body: string): Promise<string> => {
    const code = `exports.onExecutePostLogin = async (event, api) => {${body}};`;
    const supported_triggers = [{ id: "post-login" }];
    const secrets = [{ name: "KEY", value: "v" }];
    const action = { name: "Test", code, supported_triggers, secrets };
    return (await setup().api("POST", "/actions/actions", action)).body.id;
  };

  it("refuses an Action that does not exist and a body without a payload", async () => {
    const { api } = setup();
    assert.equal((await api("POST", "/actions/actions/none/test", { payload: {} })).status, 404);
    const id = await create("");
    assert.equal((await api("POST", `/actions/actions/${id}/test`, {})).status, 400);
  });

  it("tells what the Action threw", async () => {
    const path = `/actions/actions/${await create("throw new Error('no');")}/test`;
    const { payload } = (await setup().api("POST", path, { payload: { event: {} } })).body;
    assert.equal((payload["error"] as { message: string }).message, "no");
    assert.deepEqual(Object.keys(payload["stats"] as object), ["action_duration_ms"]);
    assert.equal("denied" in payload, false);
  });

  it("tells why the Action denied the login, which is no error", async () => {
    const path = `/actions/actions/${await create("api.access.deny('closed');")}/test`;
    const { payload } = (await setup().api("POST", path, { payload: { event: {} } })).body;
    assert.equal(payload["denied"], "closed");
    assert.equal("error" in payload, false);
  });

  it("runs the draft with its secrets on the given event, and changes nobody", async () => {
    const { api, tenant } = setup();
    tenant.users.create({ user_id: "auth0|1" });
    const id = await create(
      "api.idToken.setCustomClaim('k', event.secrets.KEY + event.user.name); api.user.setUserMetadata('a', 1);",
    );
    const event = { user: { user_id: "auth0|1", name: "Jane" } };
    const { body } = await api("POST", `/actions/actions/${id}/test`, { payload: { event } });
    assert.deepEqual(body.payload["id_token_claims"], { k: "vJane" });
    assert.deepEqual(body.payload["user_metadata"], { a: 1 });
    assert.equal("user_metadata" in tenant.users.get("auth0|1")!, false);
  });
});
