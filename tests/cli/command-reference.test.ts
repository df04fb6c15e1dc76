import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { currentReference, referenceFile } from "../../cli/command-reference.ts";
import { picturesProgram } from "../../cli/pictures-program.ts";
import { recordedRun } from "./recorded-run.ts";

describe("docs/pictures-command.md", () => {
  it("ends with the help that the commands themselves print", () => {
    const written = readFileSync(referenceFile, "utf8");
    assert.equal(written, currentReference(), "It is out of date: run npm run docs.");
  });
});

describe("the options of every pictures command", () => {
  it("take no secret: other users of the machine can read a command line", () => {
    const named = commandsBelow(picturesProgram()).flatMap((command) => [
      ...command.options.map(({ flags }) => flags),
      ...command.registeredArguments.map((argument) => argument.name()),
    ]);
    assert.ok(named.length > 100, `${named.length} options`);
    assert.deepEqual(
      named.filter((name) => /secret|token|password|passphrase|key/i.test(name)),
      [],
    );
  });
});

function commandsBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsBelow)];
}

describe("the help of every pictures command", () => {
  for (const command of picturesProgram().commands) {
    it(`shows an example of ${command.name()}`, async () => {
      const { code, out } = await recordedRun(picturesProgram(), command.name(), "--help");
      assert.equal(code, 0);
      assert.match(out, new RegExp(`Examples?:\\n(.*\\n)*? {2}pictures ${command.name()}`));
    });
  }
});
