import assert from "node:assert/strict";
import { picturesProgram } from "../../cli/pictures-program.ts";
import { capabilities } from "../../infra/client-capabilities.ts";

describe("the commands that a capability is for", () => {
  for (const [name, { commands }] of Object.entries(capabilities)) {
    it(`${name}: exist`, () => {
      const known = picturesProgram().commands.map((command) => command.name());
      assert.deepEqual(
        commands.filter((command) => !known.includes(command)),
        [],
      );
    });
  }
});
