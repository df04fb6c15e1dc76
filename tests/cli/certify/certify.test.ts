import assert from "node:assert/strict";
import { certifiedTenant } from "./certified-tenant.ts";

describe("pictures certify", () => {
  const setup = certifiedTenant();

  it("finds that every fact holds in the local tenant", async () => {
    const { certify } = setup();
    const { exitCode, json, text } = await certify();
    assert.deepEqual(
      json.facts.filter(({ result }) => result !== "holds"),
      [],
      text,
    );
    assert.equal(exitCode, 0);
  });
});
