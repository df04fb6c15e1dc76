import assert from "node:assert/strict";
import { usesColours } from "../../cli/uses-colours.ts";

describe("colours", () => {
  it("are for terminals only, and not with NO_COLOR", () => {
    assert.equal(usesColours({}, {}), false);
    assert.equal(usesColours({ NO_COLOR: "1" }, { isTTY: true }), false);
    assert.equal(usesColours({ NO_COLOR: "" }, { isTTY: true }), true);
  });
});
