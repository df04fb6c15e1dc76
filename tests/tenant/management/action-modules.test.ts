import assert from "node:assert/strict";
import { setupTenant } from "../setup-tenant.ts";

interface Module {
  id: string;
  code: string;
  secrets: { name: string }[];
  all_changes_published: boolean;
  actions_using_module_total: number;
  latest_version?: { id: string; version_number: number; code: string };
}

describe("/api/v2/actions/modules", () => {
  const setup = setupTenant();
  const path = "/actions/modules";
  const made = async (fields: object = {}): Promise<Module> => {
    const answer = await setup().api("POST", path, { name: "greetings", code: "one", ...fields });
    assert.equal(answer.status, 201);
    return answer.body as unknown as Module;
  };
  const read = async (id: string): Promise<Module> =>
    (await setup().api("GET", `${path}/${id}`)).body as unknown as Module;
  const published = async (id: string): Promise<string> =>
    (await setup().api("POST", `${path}/${id}/versions`)).body.id;
  const using = (id: string, version: string) => ({
    name: "greets",
    code: "exports.onExecutePostLogin = async () => {};",
    supported_triggers: [{ id: "post-login", version: "v3" }],
    modules: [{ module_id: id, module_version_id: version }],
  });

  it("refuses a module without code, one with a field that nobody knows, and a name that is taken", async () => {
    const { api } = setup();
    assert.equal((await api("POST", path, { name: "greetings" })).status, 400);
    assert.equal((await api("POST", path, { name: "greetings", code: "one", codes: "" })).status, 400);
    await made();
    assert.equal((await api("POST", path, { name: "greetings", code: "one" })).status, 409);
  });

  it("answers 404 for a module, a version, and an Action's module that is not there", async () => {
    const { api } = setup();
    const { id } = await made();
    assert.equal((await api("GET", `${path}/none`)).status, 404);
    assert.equal((await api("GET", `${path}/${id}/versions/none`)).status, 404);
    assert.equal((await api("POST", "/actions/actions", using(id, "none"))).status, 404);
  });

  it("says whether the newest version is what the draft holds", async () => {
    const { api } = setup();
    const { id, all_changes_published, latest_version } = await made({
      secrets: [{ name: "KEY", value: "x" }],
    });
    assert.equal(all_changes_published, false);
    assert.equal(latest_version, undefined);
    const first = await published(id);
    assert.equal((await read(id)).all_changes_published, true);

    const { body } = await api("PATCH", `${path}/${id}`, { code: "two" });
    const changed = body as unknown as Module;
    assert.equal(changed.all_changes_published, false);
    assert.equal(changed.latest_version?.code, "one");
    assert.deepEqual(Object.keys(changed.secrets[0] ?? {}), ["name", "updated_at"]);
    await published(id);
    assert.equal((await read(id)).latest_version?.version_number, 2);

    await api("POST", `${path}/${id}/rollback`, { module_version_id: first });
    const rolledBack = await read(id);
    assert.equal(rolledBack.code, "one");
    assert.equal(rolledBack.all_changes_published, false);
  });

  it("lists versions newest first, and says that there are none past the end", async () => {
    const { api } = setup();
    const { id } = await made({ publish: true });
    await published(id);
    const page = async (number: number) =>
      (await api("GET", `${path}/${id}/versions?page=${number}&per_page=50`)).body as unknown as {
        versions: { version_number: number }[];
      };
    assert.deepEqual(
      (await page(0)).versions.map(({ version_number }) => version_number),
      [2, 1],
    );
    assert.deepEqual(await page(1), { versions: [], total: 0, page: 1, per_page: 50 });
  });

  it("shows an Action's modules in the draft and in what is deployed, and cannot be deleted meanwhile", async () => {
    const { api } = setup();
    const { id } = await made();
    const version = await published(id);
    const action = (await api("POST", "/actions/actions", using(id, version))).body;
    const shown = [
      {
        module_id: id,
        module_name: "greetings",
        module_version_id: version,
        module_version_number: 1,
      },
    ];
    const modulesOf = (body: unknown) => (body as { modules?: unknown }).modules;
    assert.deepEqual(modulesOf(action), shown);
    await api("GET", `/actions/actions/${action.id}`);
    assert.deepEqual(modulesOf((await api("POST", `/actions/actions/${action.id}/deploy`)).body), shown);
    const { body } = await api("GET", `/actions/actions/${action.id}`);
    assert.deepEqual(modulesOf(body.deployed_version), shown);

    assert.equal((await read(id)).actions_using_module_total, 1);
    assert.deepEqual((await api("GET", `${path}/${id}/actions`)).body, {
      actions: [
        {
          action_id: action.id,
          action_name: "greets",
          module_version_id: version,
          module_version_number: 1,
        },
      ],
      total: 1,
      per_page: 50,
    });
    assert.equal((await api("DELETE", `${path}/${id}`)).status, 412);
    await api("DELETE", `/actions/actions/${action.id}`);
    assert.equal((await api("DELETE", `${path}/${id}`)).status, 204);
  });
});
