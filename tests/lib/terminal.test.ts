import assert from "node:assert/strict";
import { labelOf } from "../../auth0/user.ts";
import { formatTable, usesColours, visible } from "../../lib/terminal.ts";

describe("what users wrote, on a terminal", () => {
  it("cannot colour, break or turn a line", () => {
    assert.equal(visible("a\u001b[31mb\nc\u202Ed\u2028e"), String.raw`a\u001b[31mb\nc\u202ed\u2028e`);
    assert.equal(
      labelOf({ user_id: "auth0|1", name: "Eve\r\u001b[2K" }),
      String.raw`auth0|1 (Eve\r\u001b[2K)`,
    );
  });

  it("is not endless", () => {
    assert.equal(visible("x".repeat(1_000_000)).length, 2049);
  });

  it("is else as it was", () => {
    assert.equal(visible("Zoë 🦄 李"), "Zoë 🦄 李");
  });
});

describe("colours", () => {
  it("are for terminals only, and not with NO_COLOR", () => {
    assert.equal(usesColours({}, {}), false);
    assert.equal(usesColours({ NO_COLOR: "1" }, { isTTY: true }), false);
    assert.equal(usesColours({ NO_COLOR: "" }, { isTTY: true }), true);
  });
});

describe("the table of npm start", () => {
  it("aligns its columns and leaves no blank at a line's end", () => {
    const table = formatTable(
      ["user", "reason"],
      [
        ["auth0|a", "kept"],
        ["b", "user"],
      ],
    );
    assert.equal(table, "user     reason\n-------  ------\nauth0|a  kept\nb        user");
  });

  it("cuts a long cell in the middle, so that the end of a URL stays readable", () => {
    assert.match(formatTable(["u"], [["0123456789abcdef"]], 9), /^0123…cdef$/m);
  });
});
