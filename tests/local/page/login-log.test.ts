import assert from "node:assert/strict";
import { createFlowLog } from "../../../local/page/login-log.ts";
import { emptyFlowResult } from "../../../sandbox/flow-result.ts";

describe("createFlowLog", () => {
  it("keeps the latest 30 flows, the newest first", () => {
    const log = createFlowLog();
    for (let index = 0; index < 40; index += 1)
      log.record({ ...emptyFlowResult(), idTokenClaims: { index } });
    const kept = log.latest().map(({ result }) => result.idTokenClaims["index"]);
    assert.equal(kept.length, 30);
    assert.deepEqual([kept[0], kept.at(-1)], [39, 10]);
  });
});
