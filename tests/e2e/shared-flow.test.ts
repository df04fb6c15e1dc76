import assert from "node:assert/strict";
import { requirePulumi, runPulumi } from "../../local/start/run-pulumi.ts";
import type { StackConfig } from "../../local/start/write-project.ts";
import { apiForSuite, worldForSuite } from "./world.ts";

const path = "/actions/triggers/post-login/bindings";
const up = ["up", "--yes", "--skip-preview"];
const ours = ["default-picture", "user-picture"];

interface Binding {
  readonly id: string;
  readonly display_name: string;
  readonly action: { readonly id: string; readonly name: string };
}

/** One life of a stack in a tenant of others, in the order in which the tests stand. */
describe("a Login flow that others share", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  const api = apiForSuite(world);

  before(async () => {
    for (const name of ["x", "y", "z"]) {
      const code = "exports.onExecutePostLogin = async () => {};";
      const body = { name, code, supported_triggers: [{ id: "post-login", version: "v3" }] };
      const { id } = (await api.call("POST", "/actions/actions", body)) as { id: string };
      await api.call("GET", `/actions/actions/${id}`);
      await api.call("POST", `/actions/actions/${id}/deploy`);
    }
    await bind("x", "y", "z");
    await requirePulumi(world(), ["stack", "init", "local"]);
  });

  async function bind(...names: readonly string[]): Promise<void> {
    const bindings = names.map((value) => ({
      ref: { type: "action_name", value },
      display_name: ours.includes(value) ? value : `Their ${value}`,
    }));
    await api.call("PATCH", path, { bindings });
  }

  async function flow(): Promise<readonly Binding[]> {
    return ((await api.call("GET", path)) as { bindings: Binding[] }).bindings;
  }

  const order = async () => (await flow()).map(({ action }) => action.name);

  /** What the bindings' answer says of others' Actions, but for what each write renews. */
  async function theirs(): Promise<unknown> {
    const bindings = (await flow()).filter(({ action }) => !ours.includes(action.name));
    return bindings.map((binding) => ({ ...binding, id: "", created_at: "", updated_at: "" }));
  }

  /** Runs with these values besides the world's own, and gives what was written to the tenant besides. */
  async function deploy(config: StackConfig): Promise<{ output: string; writes: number }> {
    await world().configure(config);
    world().tenant.requests.clear();
    const output = await requirePulumi(world(), up);
    const { requests } = world().tenant;
    const all = requests.count({ pathPrefix: "/api/v2" });
    return { output, writes: all - requests.count({ method: "GET", pathPrefix: "/api/v2" }) };
  }

  const exclusive = { flowOwnership: "exclusive", dropForeignActions: ["x", "y", "z"] };

  it("fails in the preview where an exclusive flow would drop an Action that nobody named", async () => {
    await world().configure({ ...exclusive, dropForeignActions: ["x"] });
    const { code, output } = await runPulumi(world(), ["preview"]);
    assert.notEqual(code, 0);
    assert.match(output, /do not belong to this project: y, z\..*\[flow-drops-actions\]/s);
    assert.deepEqual(await order(), ["x", "y", "z"]);
  });

  it("binds ours only where the flow is exclusive and the others are named", async () => {
    await deploy(exclusive);
    assert.deepEqual(await order(), ours);
  });

  it("becomes shared without writing, where ours are bound already as they should be", async () => {
    await bind("x", "y", "z", ...ours);
    const before = await flow();
    assert.equal((await deploy({})).writes, 0);
    assert.deepEqual(await flow(), before);
  });

  it("writes nothing in a second run, which forgets the former owner", async () => {
    const before = await flow();
    const { output, writes } = await deploy({});
    assert.match(output, /TriggerActions post-login (deleted|retained)/);
    assert.equal(writes, 0);
    assert.deepEqual(await flow(), before);
  });

  it("reads each managed object once in a preview with --refresh, and sees no drift where others moved", async () => {
    await bind("z", "x", ...ours, "y");
    const { requests } = world().tenant;
    requests.clear();
    const output = await requirePulumi(world(), ["preview", "--refresh", "--expect-no-changes"]);
    assert.match(output, /warning: .*These run after our Actions: y/);
    // Two Actions, their flow, the client, its credentials and its grant.
    assert.ok(requests.count({ pathPrefix: "/api/v2" }) <= 6 + 3, JSON.stringify(requests.entries()));
  });

  it("leaves the others as they were where ours move", async () => {
    await bind("x", "y", "z", ...ours);
    const before = await theirs();
    await deploy({ flowPosition: "before:y" });
    assert.deepEqual(await order(), ["x", ...ours, "y", "z"]);
    assert.deepEqual(await theirs(), before);
  });

  it("keeps ours bound from shared to exclusive and back again at once", async () => {
    const bound: string[][] = [];
    for (const config of [exclusive, {}]) {
      await deploy(config);
      bound.push(await order());
    }
    assert.deepEqual(bound, [ours, ours]);
  });

  it("is destroyed in one run, with the others as they were", async () => {
    await bind("x", ours[0]!, "y", ours[1]!, "z");
    const before = await theirs();
    await requirePulumi(world(), ["destroy", "--yes", "--skip-preview"]);
    assert.deepEqual(await theirs(), before);
    assert.deepEqual(await order(), ["x", "y", "z"]);
    const { actions } = (await api.call("GET", "/actions/actions")) as { actions: { name: string }[] };
    assert.deepEqual(actions.map(({ name }) => name).sort(), ["x", "y", "z"]);
  });
});
