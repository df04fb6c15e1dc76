import assert from "node:assert/strict";
import { formatTable } from "../../../local/start/format-table.ts";

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
