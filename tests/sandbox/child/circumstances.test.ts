import assert from "node:assert/strict";
import fc from "fast-check";
import { keptCircumstances } from "../../../sandbox/child/circumstances.ts";

describe("an event of kept circumstances", () => {
  it("is the one that their text says, new each time, however often they come", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (circumstances) => {
        const json = JSON.stringify(circumstances);
        const expected = {
          ...(JSON.parse(json) as object),
          secrets: {},
          stats: { logins_count: 3 },
          user: { user_id: "auth0|1" },
        };
        const makerOf = keptCircumstances();
        for (let batch = 0; batch < 4; batch += 1) {
          const make = makerOf(json);
          const [one, other] = [make({ user_id: "auth0|1" }, 3), make({ user_id: "auth0|1" }, 3)];
          assert.deepEqual(one, expected);
          for (const [name, value] of Object.entries(one)) {
            const isObject = Object(value) === value;
            if (isObject) assert.notEqual(value, (other as Record<string, unknown>)[name]);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
