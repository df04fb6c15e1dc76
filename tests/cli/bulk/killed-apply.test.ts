import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, typescriptLoader } from "../../../lib/project.ts";
import { applyToEverybody, openBulkStage, type BulkStage } from "../../bulk/bulk-scenario.ts";

describe("pictures apply that is killed and begun again", () => {
  const users = 1500;
  let stage: BulkStage;
  before(async () => {
    stage = await openBulkStage(users);
  });
  after(() => stage.close());

  it("leaves every user right, sends nobody again who was in no file in flight, and loses nothing of others", async () => {
    const figures = await applyToEverybody(stage, {
      users,
      command: ["--require", typescriptLoader, join(projectRoot, "tests/bulk/apply-process.ts")],
      progress: () => undefined,
      kills: [
        { what: "import", number: 1, afterMs: 0, isLost: true },
        { what: "export", number: 3, afterMs: 0 },
        { what: "import", number: 4, afterMs: 100 },
      ],
    });
    assert.deepEqual(figures.wrong, [], figures.output);
    assert.equal(figures.kills, 3);
    assert.equal(figures.sentTwice, 0);
    assert.ok(figures.sentAgain > 0);
    assert.ok(figures.deleted.length > 0 && Object.keys(figures.notes).length > 0);
    assert.equal(figures.exitCode, 2, figures.output);
    const lines = readFileSync(join(stage.root, "outcomes.ndjson"), "utf8").trimEnd().split("\n");
    const outcomes = lines.map((line) => JSON.parse(line) as { line: number; outcome: string });
    assert.equal(new Set(outcomes.map(({ line }) => line)).size, users);
    const gone = outcomes.filter(({ outcome }) => outcome === "gone").length;
    assert.equal(gone, figures.deleted.length);
    assert.ok(outcomes.every(({ outcome }) => outcome === "changed" || outcome === "gone"));
  });
});
