import assert from "node:assert/strict";
import { requirePulumi, runPulumi } from "../../local/start/run-pulumi.ts";
import { apiForSuite, worldForSuite } from "./world.ts";

interface Action {
  readonly id: string;
  readonly deployed_version: { readonly id: string; readonly number: number; readonly code: string };
}

const up = ["up", "--yes", "--skip-preview"];

/** One life of a stack, in the order in which the tests stand. */
describe("a version that somebody deployed by hand", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  const api = apiForSuite(world);

  before(async () => {
    await requirePulumi(world(), ["stack", "init", "local"]);
    await requirePulumi(world(), up);
    await world().configure({ maxLength: 1000 });
    await requirePulumi(world(), up);
  });

  async function action(): Promise<Action> {
    const { actions } = (await api.call("GET", "/actions/actions?actionName=user-picture")) as {
      actions: Action[];
    };
    return actions[0]!;
  }

  const writes = () => {
    const { requests } = world().tenant;
    return (["POST", "PATCH", "PUT", "DELETE"] as const)
      .map((method) => requests.count({ method, pathPrefix: "/api/v2" }))
      .reduce((sum, count) => sum + count);
  };

  async function refused(args: readonly string[]): Promise<void> {
    const before = writes();
    const { code, output } = await runPulumi(world(), args);
    assert.notEqual(code, 0, output);
    assert.match(output, /user-picture: version 3 runs .*\[deployed-version-unknown\]/s);
    assert.match(output, /pulumi config set replaceDeployed '\["user-picture"\]' --stack local/);
    assert.doesNotMatch(output, /default-picture: version/);
    assert.equal(writes(), before, "nothing was written");
  }

  it("is there after a rollback, which leaves the draft alone", async () => {
    const { id } = await action();
    const { versions } = (await api.call("GET", `/actions/actions/${id}/versions`)) as {
      versions: { id: string; number: number }[];
    };
    const first = versions.find(({ number }) => number === 1)!;
    await api.call("POST", `/actions/actions/${id}/versions/${first.id}/deploy`, {});
    assert.equal((await action()).deployed_version.number, 3);
  });

  it("stops a preview, with a refresh too, and an up, before anything changes", async () => {
    await world().configure({ maxLength: 900 });
    await refused(["preview"]);
    await refused(["preview", "--refresh"]);
    await refused(["up", "--yes", "--skip-preview", "--refresh"]);
  });

  it("is replaced where replaceDeployed names its Action", async () => {
    await world().configure({ maxLength: 900, replaceDeployed: ["user-picture"] });
    await requirePulumi(world(), up);
    assert.match((await action()).deployed_version.code, /"maxLength":900/);
  });

  it("stops nothing after that: not the same program, not a changed one", async () => {
    await world().configure({ maxLength: 900 });
    await requirePulumi(world(), [...up, "--expect-no-changes"]);
    await world().configure({ maxLength: 800 });
    await requirePulumi(world(), up);
    assert.match((await action()).deployed_version.code, /"maxLength":800/);
  });
});
