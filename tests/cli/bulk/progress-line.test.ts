import assert from "node:assert/strict";
import { progressLine } from "../../../cli/bulk/progress-line.ts";

describe("the progress of a run", () => {
  function shown(isTTY: boolean) {
    let text = "";
    let now = 0;
    const stream = { isTTY, write: (more: string) => (text += more) };
    const progress = progressLine(stream, 1000, () => now);
    progress.show(100, "reading");
    now = 10_000;
    progress.show(200, "sending");
    progress.show(300, "too soon after that");
    progress.end();
    return text;
  }

  it("has the rate and the time left of this process, on lines of their own in a file", () => {
    assert.equal(
      shown(false),
      "[##......................] 100 of 1000 (10 %): reading\n" +
        "[####....................] 200 of 1000 (20 %), 10 users/s, 0:01:20 left: sending\n",
    );
  });

  it("is one line on a terminal, which goes away", () => {
    const text = shown(true);
    assert.doesNotMatch(text, /\n/);
    assert.match(text, /^\r\[.*\r\u001B\[K$/s);
  });
});
