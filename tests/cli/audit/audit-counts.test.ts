import assert from "node:assert/strict";
import fc from "fast-check";
import { createTally } from "../../../cli/audit/audit-counts.ts";

describe("a tally", () => {
  it("counts exactly as long as there are few names, the commonest first", () => {
    const tally = createTally(3);
    for (const name of ["b", "a", "b", "c", "a"]) tally.add(name);
    assert.deepEqual(tally.top(2), [
      { name: "a", count: 2 },
      { name: "b", count: 2 },
    ]);
    assert.equal(tally.total(), 5);
    assert.equal(tally.missed(), 0);
  });

  it("never keeps more names than it may, and is never further off than it says", () => {
    const names = fc.array(fc.constantFrom(...Array.from("aaaabbbcdefghijk")), { maxLength: 500 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 8 }), (all, capacity) => {
        const tally = createTally(capacity);
        for (const name of all) tally.add(name);
        const top = tally.top(100);
        assert.ok(top.length <= capacity);
        for (const name of new Set(all)) {
          const real = all.filter((other) => other === name).length;
          const count = top.find((entry) => entry.name === name)?.count ?? 0;
          assert.ok(count <= real && real - count <= tally.missed());
        }
        assert.equal(tally.total(), all.length);
      }),
    );
  });
});
