import assert from "node:assert/strict";
import { picturesProgram } from "../../../cli/pictures-program.ts";
import { recordedRun } from "../recorded-run.ts";

describe("a command line about people", () => {
  for (const line of [
    "discourse sync",
    "discourse sync --all auth0|1",
    "block auth0|1",
    "gravatar auth0|1 maybe",
    "show",
    "set-root auth0|1",
    "undo --run",
  ]) {
    it(`is refused before anything is asked: ${line}`, async () => {
      const { code, err } = await recordedRun(picturesProgram(), ...line.split(" "));
      assert.equal(code, 3, err);
      assert.match(err, /error: /);
    });
  }

  for (const [line, code] of [
    ["undo auth0|1 --run x", "undo-user-and-run"],
    ["undo --report out.ndjson", "undo-needs-run"],
    ["undo --run x --no-wait", "undo-run-waits"],
    ["undo auth0|1 --no-import", "undo-needs-run"],
  ] as const) {
    it(`is refused as ${code}: ${line}`, async () => {
      const { code: exit, err } = await recordedRun(picturesProgram(), ...line.split(" "));
      assert.equal(exit, 3, err);
      assert.match(err, new RegExp(`\\[${code}\\]`));
    });
  }

  it("gives the error as a JSON document, too", async () => {
    const { code, out } = await recordedRun(picturesProgram(), "show", "x", "--stack", "nowhere", "--json");
    assert.equal(code, 1);
    assert.equal((JSON.parse(out) as { error: { code: string } }).error.code, "stack-file-missing");
  });
});
