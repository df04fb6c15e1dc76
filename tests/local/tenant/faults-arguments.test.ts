import assert from "node:assert/strict";
import { parseTenantArguments, tenantUsage } from "../../../local/tenant/parse-tenant-arguments.ts";
import { faultKinds } from "../../../local/tenant/faults/fault-rule.ts";

describe("parseTenantArguments with faults", () => {
  for (const [args, named] of [
    [["--fault", "503"], /--fault 503: kind must be one of/],
    [["--fault", "429:often=1"], /often is not known/],
    [["--fault-seed", "x"], /--fault-seed must be a whole number from 0, not 'x'/],
  ] as const) {
    it(`refuses ${args.join(" ")} and points to the help`, () => {
      assert.throws(() => parseTenantArguments(args), { code: "bad-usage", message: named });
      assert.throws(() => parseTenantArguments(args), { message: /See npm run --silent tenant -- --help$/ });
    });
  }

  it("has no faults and seed 1 without arguments", () => {
    assert.deepEqual(parseTenantArguments([]).faults, { rules: [], seed: 1 });
  });

  it("takes several, in order", () => {
    const { faults } = parseTenantArguments([
      "--fault=500:times=1",
      "--fault",
      "drop-after",
      "--fault-seed=9",
    ]);
    assert.deepEqual(faults, { rules: [{ kind: "500", times: 1 }, { kind: "drop-after" }], seed: 9 });
  });

  it("names every kind in its help", () => {
    for (const kind of faultKinds) assert.ok(tenantUsage.includes(kind), kind);
  });
});
