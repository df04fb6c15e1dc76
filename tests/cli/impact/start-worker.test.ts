import assert from "node:assert/strict";
import { mock } from "node:test";
import { createSilenceLimit } from "../../../cli/impact/start-worker.ts";

describe("a limit of silence", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
  });
  afterEach(() => {
    mock.timers.reset();
  });

  it("is over where nothing was heard for so long, and not before", () => {
    let silent = 0;
    const limit = createSilenceLimit(1000, () => (silent += 1));
    limit.restart();
    for (let heard = 0; heard < 5; heard += 1) {
      mock.timers.tick(900);
      limit.restart();
    }
    assert.equal(silent, 0);
    mock.timers.tick(1000);
    assert.equal(silent, 1);
  });

  it("says nothing while nothing is expected", () => {
    const limit = createSilenceLimit(1000, () => assert.fail());
    limit.restart();
    limit.stop();
    mock.timers.tick(5000);
  });
});
