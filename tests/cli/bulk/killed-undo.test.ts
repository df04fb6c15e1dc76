import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, typescriptLoader } from "../../../lib/project.ts";
import { applyToEverybody, openBulkStage, type BulkStage } from "../../bulk/bulk-scenario.ts";
import { undoEverybody } from "../../bulk/undo-everybody.ts";

describe("pictures undo --run that is killed and begun again", () => {
  const users = 300;
  let stage: BulkStage;
  before(async () => {
    const opened = await openBulkStage(users);
    // Some fifty users in a file: several waves.
    stage = { ...opened, env: { ...opened.env, IMPORT_BYTES: "12000" } };
  });
  after(() => stage.close());

  it("leaves every user as before the run, but for those whom others changed, and lists these", async () => {
    const scenario = {
      users,
      command: ["--require", typescriptLoader, join(projectRoot, "tests/bulk/apply-process.ts")],
      progress: () => undefined,
      kills: [],
    };
    const applied = await applyToEverybody(stage, scenario);
    assert.deepEqual(applied.wrong, [], applied.output);
    // The third import of the undo gets lost: those users are read again by the second process.
    const kill = { what: "import", number: applied.imports + 3, afterMs: 0, isLost: true } as const;
    const { failures, kills, outcomes, output } = await undoEverybody(stage, scenario, applied, kill);
    assert.deepEqual(failures, [], output);
    assert.equal(kills, 1);
    assert.ok((outcomes["left"] ?? 0) > 0 && (outcomes["gone"] ?? 0) > 0);
    assert.equal(
      (outcomes["left"] ?? 0) + (outcomes["gone"] ?? 0) + (outcomes["changed"] ?? 0),
      users - applied.deleted.length,
    );
    const bulk = join(stage.root, "state/auth0-user-pictures/bulk");
    assert.deepEqual(
      readdirSync(bulk).map((tenant) => readdirSync(join(bulk, tenant))),
      [[]],
    );
  });
});
