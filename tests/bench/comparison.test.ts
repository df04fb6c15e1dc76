import assert from "node:assert/strict";
import fc from "fast-check";
import { interleave, statistics } from "../../bench/comparison.ts";

const quiet = { progress: () => undefined };

function recording() {
  const order: string[] = [];
  const subject = (name: string, more: object = {}) => ({
    name,
    run: () => {
      order.push(name);
      return Promise.resolve({ s: order.length });
    },
    ...more,
  });
  return { order, subject };
}

describe("interleaved runs", () => {
  it("end with the failure of a subject", async () => {
    const failing = { name: "a", run: () => Promise.reject(new Error("it broke")) };
    await assert.rejects(interleave([failing], { runs: 1, ...quiet }), /it broke/);
  });

  it("take turns, and do not keep the first round", async () => {
    const { order, subject } = recording();
    const samples = await interleave([subject("a"), subject("b")], { runs: 2, ...quiet });
    assert.deepEqual(order, ["a", "b", "a", "b", "a", "b"]);
    assert.deepEqual(Object.fromEntries(samples), { a: [{ s: 3 }, { s: 5 }], b: [{ s: 4 }, { s: 6 }] });
  });

  it("leave out of the first round what fills no caches", async () => {
    const { order, subject } = recording();
    await interleave([subject("a", { needsNoWarmUp: true }), subject("b")], { runs: 1, ...quiet });
    assert.deepEqual(order, ["b", "a", "b"]);
  });
});

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
