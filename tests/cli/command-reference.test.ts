import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { currentReference, referenceFile } from "../../cli/command-reference.ts";
import { picturesProgram } from "../../cli/pictures-program.ts";
import { recordedRun } from "./recorded-run.ts";

describe("docs/pictures-command.md", () => {
  it("ends with the help that the commands themselves print", () => {
    const written = readFileSync(referenceFile, "utf8");
    assert.equal(written, currentReference(), "It is out of date: run npm run docs.");
  });
});

describe("the help of every pictures command", () => {
  for (const command of picturesProgram().commands) {
    it(`shows an example of ${command.name()}`, async () => {
      const { code, out } = await recordedRun(picturesProgram(), command.name(), "--help");
      assert.equal(code, 0);
      assert.match(out, new RegExp(`Examples?:\\n(.*\\n)*? {2}pictures ${command.name()}`));
    });
  }
});
