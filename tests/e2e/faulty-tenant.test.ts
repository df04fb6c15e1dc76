import assert from "node:assert/strict";
import { requirePulumi, runPulumi } from "../../local/start/run-pulumi.ts";
import type { FaultRule } from "../../tenant/faults/fault-rule.ts";
import { tenantContents, type TenantContents } from "./tenant-contents.ts";
import { apiForSuite, worldForSuite } from "./world.ts";

/** One request in five each, of what the ones before let through. */
const faults: readonly FaultRule[] = [
  { kind: "429", probability: 0.2, ms: 1000 },
  { kind: "500", probability: 0.2 },
  { kind: "drop-before", probability: 0.2 },
];
const up = ["up", "--yes", "--skip-preview", "--refresh"];
const maxRuns = 3;

describe("a deployment to a tenant that often fails", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  const api = apiForSuite(world);

  before(async () => {
    await requirePulumi(world(), ["stack", "init", "local"]);
  });

  async function contentsAfterFaults(): Promise<TenantContents> {
    const { tenant } = world();
    tenant.faults.set(faults, 2);
    const outputs: string[] = [];
    let succeeded = false;
    while (!succeeded && outputs.length < maxRuns) {
      const { code, output } = await runPulumi(world(), up);
      outputs.push(output);
      succeeded = code === 0;
    }
    tenant.faults.clear();
    const happened = new Set(tenant.faults.injected().map(({ kind }) => kind));
    assert.ok(succeeded, `${maxRuns} runs were not enough:\n${outputs.join("\n")}`);
    assert.deepEqual([...happened].sort(), ["429", "500", "drop-before"]);
    return tenantContents(api);
  }

  it("ends within three runs in the same tenant as without faults, in step with its state", async () => {
    const afterFaults = await contentsAfterFaults();
    await requirePulumi(world(), ["preview", "--refresh", "--expect-no-changes"]);
    await requirePulumi(world(), ["destroy", "--yes", "--skip-preview"]);
    await requirePulumi(world(), up);
    assert.equal(afterFaults.actions.length, 2);
    assert.equal(afterFaults.bindings.length, 2);
    assert.deepEqual(afterFaults, await tenantContents(api));
  });
});
