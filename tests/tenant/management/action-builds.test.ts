import assert from "node:assert/strict";
import { pollUntil } from "../../../lib/clock.ts";
import { setupTenant } from "../setup-tenant.ts";

describe("The build of an Action whose npm module does not exist", () => {
  const setup = setupTenant({ missingDependencies: ["none", "some@9.9.9"], dependencyBuildMs: 300 });
  const action = { name: "Test", code: "", supported_triggers: [{ id: "post-login" }] };
  const create = async (name: string, version: string): Promise<string> => {
    const dependencies = [{ name, version }];
    return (await setup().api("POST", "/actions/actions", { ...action, dependencies })).body.id;
  };
  const seenUntil = async (id: string, last: string): Promise<Set<string>> => {
    const seen = new Set<string>();
    const isLast = async (): Promise<boolean> => {
      const { status } = (await setup().api("GET", `/actions/actions/${id}`)).body;
      seen.add(status);
      return status === last;
    };
    assert.ok(await pollUntil(isLast, { withinMs: 45_000 }), [...seen].join(", "));
    return seen;
  };

  it("is retried, fails in the end, and cannot be deployed", async () => {
    const id = await create("none", "1.0.0");
    assert.deepEqual(await seenUntil(id, "failed"), new Set(["building", "retrying", "failed"]));
    const { body, status } = await setup().api("POST", `/actions/actions/${id}/deploy`);
    assert.equal(status, 400);
    assert.equal("errorCode" in body, false);
  });

  it("succeeds with another version, or once the module is no longer asked for", async () => {
    await seenUntil(await create("some", "9.9.9"), "failed");
    const { api } = setup();
    const { actions } = (await api("GET", "/actions/actions")).body;
    const path = `/actions/actions/${actions[0]!.id}`;
    await api("PATCH", path, { dependencies: [{ name: "some", version: "1.0.0" }] });
    await seenUntil(actions[0]!.id, "built");
    await api("PATCH", path, { dependencies: [] });
    assert.equal((await api("GET", path)).body.status, "built");
  });
});
