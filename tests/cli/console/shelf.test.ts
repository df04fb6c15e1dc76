import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createShelf } from "../../../cli/console/shelf.ts";

describe("what pages of the console hold between two requests", () => {
  it("is gone after its time, also where nobody asks for it", async () => {
    const shelf = createShelf<string>({ most: 5, ms: 20 });
    const key = shelf.put("a");
    assert.equal(shelf.get(key), "a");
    await sleep(60);
    assert.equal(shelf.get(key), undefined);
  });

  it("is only so much: the oldest goes, and what was dropped is gone", () => {
    const shelf = createShelf<string>({ most: 2, ms: 60_000 });
    const keys = ["a", "b", "c"].map((text) => shelf.put(text));
    assert.deepEqual(
      keys.map((key) => shelf.get(key)),
      [undefined, "b", "c"],
    );
    shelf.drop(keys[1]!);
    assert.equal(shelf.get(keys[1]!), undefined);
    assert.equal(shelf.get("none"), undefined);
  });
});
