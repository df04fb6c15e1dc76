import { requirePulumi, runPulumi } from "../../local/start/run-pulumi.ts";
import { managementApi, type ManagementApi } from "../management-api.ts";
import { worldForSuite } from "./world.ts";

describe("a Login flow that others share", function () {
  this.timeout(180_000);
  const world = worldForSuite();
  let api: ManagementApi;
  before(async () => {
    const { tenant, caFile } = world();
    api = await managementApi({ ...tenant, caFile });
    await requirePulumi(world(), ["stack", "init", "local"]);
  });
  after(() => api.close());
  it("works", async () => {
    console.log(await requirePulumi(world(), ["preview"]));
    let t = Date.now();
    console.log(await requirePulumi(world(), ["up", "--yes", "--skip-preview"]), Date.now() - t);
    t = Date.now();
    world().tenant.requests.clear();
    console.log(await requirePulumi(world(), ["preview", "--refresh"]), Date.now() - t);
    console.log(world().tenant.requests.entries());
    console.log((await runPulumi(world(), ["destroy", "--yes", "--skip-preview"])).output);
  });
});
