import assert from "node:assert/strict";
import fc from "fast-check";
import { eventMaker } from "../../../sandbox/child/circumstances.ts";

describe("an event of circumstances", () => {
  it("is the one that their text says, new each time, however often they come", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (circumstances) => {
        const expected = {
          ...(JSON.parse(JSON.stringify(circumstances)) as object),
          secrets: {},
          stats: { logins_count: 3 },
          user: { user_id: "auth0|1" },
        };
        const make = eventMaker(circumstances);
        for (let login = 0; login < 60; login += 1) {
          const [one, other] = [make({ user_id: "auth0|1" }, 3), make({ user_id: "auth0|1" }, 3)];
          assert.deepEqual(one, expected);
          for (const [name, value] of Object.entries(one)) {
            const isObject = Object(value) === value;
            if (isObject) assert.notEqual(value, (other as Record<string, unknown>)[name]);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
