import assert from "node:assert/strict";
import { mirrorEverybody, openMirrorStage, type MirrorStage } from "../../mirror/mirror-scenario.ts";

describe("pictures mirror over users of six providers, killed three times", function () {
  this.timeout(180_000);
  let stage: MirrorStage;
  before(async () => {
    stage = await openMirrorStage(240, () => undefined);
  });
  after(() => stage.close());

  it("ends with every user as the policy says, no copy twice and, after a prune, none of nobody", async () => {
    const { failures, kills, output } = await mirrorEverybody(stage, () => undefined);
    assert.deepEqual(failures, []);
    assert.equal(kills, 3);
    const { counts } = JSON.parse(output) as { counts: Record<string, number> };
    assert.deepEqual([counts["copied"]! + counts["unchanged"]!, counts["failed"]], [100, 140]);
  });
});
