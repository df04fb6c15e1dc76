import assert from "node:assert/strict";
import { interleave } from "../../bench/interleave.ts";

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
