import assert from "node:assert/strict";
import { valueIn } from "../../lib/json.ts";

describe("a value along a path", () => {
  it("is undefined where anything on the way is missing or of another type", () => {
    for (const from of [undefined, null, 5, "text", [], { a: null }, { a: "text" }, { a: [] }]) {
      assert.equal(valueIn(from, "a", "b"), undefined);
    }
  });

  it("is never what a prototype holds", () => {
    assert.equal(valueIn({}, "constructor", "name"), undefined);
    assert.equal(valueIn(Object.create({ a: 1 }), "a"), undefined);
    assert.equal(valueIn({ a: {} }, "a", "__proto__"), undefined);
  });

  it("is what is there, and the whole for no path", () => {
    assert.equal(valueIn({ a: { b: [false] } }, "a", "b", "0"), false);
    assert.equal(valueIn(7), 7);
  });
});
