import assert from "node:assert/strict";
import { deployedAction, setupTenant } from "../setup-tenant.ts";

const path = "/actions/triggers/post-login/bindings";
const byId = (value: string, display_name?: string): object => ({
  ref: { type: "action_id", value },
  ...(display_name === undefined ? {} : { display_name }),
});

describe("/api/v2/actions/triggers/{trigger}/bindings", () => {
  const setup = setupTenant();

  it("refuses an Action that was never deployed", async () => {
    const { api } = setup();
    const { body } = await api("POST", "/actions/actions", {
      name: "a",
      supported_triggers: [{ id: "post-login" }],
    });
    const answer = await api("PATCH", path, { bindings: [byId(body.id)] });
    assert.equal(answer.status, 400);
    assert.match(answer.body.message, /must be deployed/);
    assert.deepEqual((await api("GET", path)).body, { bindings: [], per_page: 50 });
  });

  it("refuses an Action that does not exist or is for another trigger, and keeps the list", async () => {
    const { api } = setup();
    const id = await deployedAction(api, "a");
    await api("PATCH", path, { bindings: [byId(id)] });
    assert.equal((await api("PATCH", path, { bindings: [byId("none")] })).status, 400);
    assert.equal(
      (await api("PATCH", "/actions/triggers/custom-token-exchange/bindings", { bindings: [byId(id)] }))
        .status,
      400,
    );
    assert.equal((await api("GET", path)).body.total, 1);
  });

  it("refuses a trigger that does not exist", async () => {
    assert.equal((await setup().api("GET", "/actions/triggers/none/bindings")).status, 404);
  });

  it("replaces the whole list in the given order, every binding with a new id", async () => {
    const { api } = setup();
    const [a, b] = [await deployedAction(api, "a"), await deployedAction(api, "b")];
    const first = (await api("PATCH", path, { bindings: [byId(a, "Alpha"), byId(b)] })).body;
    assert.deepEqual(Object.keys(first), ["bindings"]);
    const second = (await api("PATCH", path, { bindings: [byId(b, "Beta"), byId(a)] })).body;
    const names = (list: { display_name: string }[]): string[] =>
      list.map(({ display_name }) => display_name);
    assert.deepEqual(names(first.bindings), ["Alpha", "b"]);
    assert.deepEqual(names(second.bindings), ["Beta", "a"]);
    const ids = [...first.bindings, ...second.bindings].map(({ id }) => id);
    assert.equal(new Set(ids).size, 4);
    assert.equal(second.bindings[0]!.created_at, second.bindings[0]!.updated_at);
  });

  it("shows in a binding the Action with its deployed version and nothing of its draft", async () => {
    const { api, bind } = setup();
    await bind("");
    const [binding] = (await api("GET", path)).body.bindings;
    assert.deepEqual(Object.keys(binding!).sort(), [
      "action",
      "created_at",
      "display_name",
      "id",
      "trigger_id",
      "updated_at",
    ]);
    assert.deepEqual(Object.keys(binding!.action).sort(), [
      "all_changes_deployed",
      "created_at",
      "current_version",
      "deployed_version",
      "id",
      "name",
      "supported_triggers",
      "updated_at",
    ]);
  });

  it("takes references by the Action's name and by a binding's id", async () => {
    const { api } = setup();
    const id = await deployedAction(api, "a");
    const byName = await api("PATCH", path, { bindings: [{ ref: { type: "action_name", value: "a" } }] });
    const bindingId = byName.body.bindings[0]!.id;
    const byBinding = await api("PATCH", path, {
      bindings: [{ ref: { type: "binding_id", value: bindingId } }],
    });
    assert.equal(byBinding.body.bindings[0]!.action.id, id);
  });

  it("gives an empty page past the end, so that a client that waits for one gets to an end", async () => {
    const { api, bind } = setup();
    await bind("", "");
    const page0 = (await api("GET", `${path}?page=0&per_page=100`)).body;
    assert.deepEqual({ ...page0, bindings: page0.bindings.length }, { bindings: 2, total: 2, per_page: 100 });
    assert.deepEqual((await api("GET", `${path}?page=1&per_page=100`)).body, {
      bindings: [],
      page: 1,
      per_page: 100,
    });
  });

  it("unbinds everything with an empty list", async () => {
    const { api, bind } = setup();
    await bind("");
    assert.deepEqual((await api("PATCH", path, { bindings: [] })).body, { bindings: [] });
    assert.deepEqual((await api("GET", `${path}?page=0&per_page=100`)).body, { bindings: [], per_page: 100 });
  });
});
