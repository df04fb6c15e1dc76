import assert from "node:assert/strict";
import { labelOf } from "../../../cli/people/user.ts";
import { visible } from "../../../cli/people/visible.ts";

describe("what users wrote, on a terminal", () => {
  it("cannot colour, break or turn a line", () => {
    assert.equal(visible("a\u001b[31mb\nc\u202Ed\u2028e"), "a\uFFFD[31mb\uFFFDc\uFFFDd\uFFFDe");
    assert.equal(labelOf({ user_id: "auth0|1", name: "Eve\r\u001b[2K" }), "auth0|1 (Eve\uFFFD\uFFFD[2K)");
  });

  it("is not endless", () => {
    assert.equal(visible("x".repeat(1_000_000)).length, 2049);
  });

  it("is else as it was", () => {
    assert.equal(visible("Zoë 🦄 李"), "Zoë 🦄 李");
  });
});
