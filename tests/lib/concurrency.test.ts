import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { mapConcurrently } from "../../lib/concurrency.ts";

describe("concurrent mapping", () => {
  it("gives the first error, after those under way have ended, and takes no more items", async () => {
    const ended: number[] = [];
    const given: number[] = [];
    const map = async (item: number) => {
      if (item === 2) throw new Error("item 2");
      await setImmediate();
      ended.push(item);
      return item;
    };
    const run = async () => {
      for await (const result of mapConcurrently([1, 2, 3, 4, 5, 6], 3, map)) given.push(result);
    };
    await assert.rejects(run(), { message: "item 2" });
    assert.deepEqual(ended, [1, 3]);
  });

  it("has at most so many under way, and takes items only as they are needed", async () => {
    let underWay = 0;
    let most = 0;
    let taken = 0;
    async function* endless() {
      for (;;) {
        await setImmediate();
        yield (taken += 1);
      }
    }
    const map = async (item: number) => {
      most = Math.max(most, (underWay += 1));
      await setImmediate();
      underWay -= 1;
      return item;
    };
    const given: number[] = [];
    for await (const result of mapConcurrently(endless(), 4, map)) if (given.push(result) === 100) break;
    assert.ok(most <= 4, `${most} under way`);
    assert.ok(taken <= 104, `${taken} taken`);
    assert.equal(underWay, 0);
  });

  it("gives the results of nothing", async () => {
    const results = mapConcurrently([], 4, () => Promise.resolve(1));
    assert.deepEqual(await results.next(), { done: true, value: undefined });
  });
});
