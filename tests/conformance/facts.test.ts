import assert from "node:assert/strict";
import { allFacts } from "../../cli/certify/facts/all-facts.ts";
import type { Certificate } from "../../cli/certify/report.ts";
import { furnishedForSuite } from "../cli/certify/furnished-tenant.ts";

describe("what pictures certify asks a real tenant", () => {
  const setup = furnishedForSuite();
  let facts: Certificate["facts"];
  before(async () => {
    ({ facts } = (await setup().certify()).json);
  });
  after(() => {
    assert.deepEqual(setup().tenant.unhandled, []);
  });

  for (const { id, title } of allFacts) {
    it(`holds here: ${title}`, () => {
      const { result, ...rest } = facts.find((fact) => fact.id === id) ?? { result: "was not asked" };
      assert.equal(result, "holds", JSON.stringify(rest));
    });
  }
});
