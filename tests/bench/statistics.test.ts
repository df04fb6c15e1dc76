import assert from "node:assert/strict";
import fc from "fast-check";
import { statistics } from "../../bench/statistics.ts";

describe("statistics of runs", () => {
  it("refuse to tell of no runs", () => {
    assert.throws(() => statistics([]), RangeError);
  });

  it("are the one value where there is one run", () => {
    assert.deepEqual(statistics([3]), { minimum: 3, median: 3, spread: 0, runs: 1 });
  });

  it("take the middle of the two middle values of an even number of runs", () => {
    assert.deepEqual(statistics([4, 1, 2, 10]), { minimum: 1, median: 3, spread: 9, runs: 4 });
  });

  it("have as many runs above the median as below, and do not depend on their order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const found = statistics(values);
        const above = values.filter((value) => value > found.median).length;
        const below = values.filter((value) => value < found.median).length;
        assert.ok(above <= values.length / 2 && below <= values.length / 2);
        assert.deepEqual(statistics([...values].reverse()), found);
      }),
    );
  });
});
