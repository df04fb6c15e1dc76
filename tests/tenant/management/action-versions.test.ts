import assert from "node:assert/strict";
import type { TestTenant } from "../setup-tenant.ts";
import { deployedAction, setupTenant } from "../setup-tenant.ts";

async function deployCode(api: TestTenant["api"], id: string, code: string): Promise<string> {
  await api("PATCH", `/actions/actions/${id}`, { code });
  await api("GET", `/actions/actions/${id}`);
  return (await api("POST", `/actions/actions/${id}/deploy`)).body.id;
}

describe("/api/v2/actions/actions/{id}/versions", () => {
  const setup = setupTenant();

  it("refuses a version that does not exist", async () => {
    const { api } = setup();
    const id = await deployedAction(api, "a");
    assert.equal((await api("GET", `/actions/actions/${id}/versions/none`)).status, 404);
    assert.equal((await api("POST", `/actions/actions/${id}/versions/none/deploy`)).status, 404);
  });

  it("deploys an old version as a new one and leaves the draft", async () => {
    const { api } = setup();
    const id = await deployedAction(api, "a");
    const first = await deployCode(api, id, "first");
    await deployCode(api, id, "second");
    const again = await api("POST", `/actions/actions/${id}/versions/${first}/deploy`);
    assert.equal(again.body.number, 4);
    assert.notEqual(again.body.id, first);
    const { body } = await api("GET", `/actions/actions/${id}`);
    assert.equal(body.code, "second");
    assert.equal(body.deployed_version.code, "first");
    assert.equal(body.all_changes_deployed, false);
  });

  it("deploys an old version into the draft too when asked to", async () => {
    const { api } = setup();
    const id = await deployedAction(api, "a");
    const first = await deployCode(api, id, "first");
    await deployCode(api, id, "second");
    await api("POST", `/actions/actions/${id}/versions/${first}/deploy`, { update_draft: true });
    const { body } = await api("GET", `/actions/actions/${id}`);
    assert.equal(body.code, "first");
    assert.equal(body.status, "built");
    assert.equal(body.all_changes_deployed, true);
  });

  it("lists the newest first and tells which one is deployed", async () => {
    const { api } = setup();
    const id = await deployedAction(api, "a");
    const second = await deployCode(api, id, "second");
    const { body } = await api("GET", `/actions/actions/${id}/versions`);
    assert.equal(body.total, 2);
    assert.deepEqual(
      body.versions.map(({ number, deployed }) => [number, deployed]),
      [
        [2, true],
        [1, false],
      ],
    );
    assert.equal((await api("GET", `/actions/actions/${id}/versions/${second}`)).body.code, "second");
  });

  it("keeps fifty and drops the oldest", async () => {
    const { api } = setup();
    const id = await deployedAction(api, "a");
    for (let number = 2; number <= 52; number += 1) await api("POST", `/actions/actions/${id}/deploy`);
    const { body } = await api("GET", `/actions/actions/${id}/versions?per_page=100`);
    const numbers = body.versions.map(({ number }) => number);
    assert.equal(numbers.length, 50);
    assert.deepEqual([numbers[0], numbers.at(-1)], [52, 3]);
  });
});
