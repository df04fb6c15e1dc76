import assert from "node:assert/strict";
import { join } from "node:path";
import { projectRoot } from "../../../lib/project.ts";
import { asksForHelp, help, startOptions } from "../../../local/start/run-start.ts";

describe("the options of npm start", () => {
  for (const port of ["0", "80", "65000", "8443x", ""]) {
    it(`refuse the port ${JSON.stringify(port)}`, () => {
      assert.throws(() => startOptions(["--port", port]), {
        code: "bad-usage",
        message: /--port .* is not a port/,
      });
    });
  }

  it("refuse what they do not know, with the usage", () => {
    assert.throws(() => startOptions(["--exti"]), { code: "bad-usage", message: /Usage: npm start/ });
    assert.throws(() => startOptions(["extra"]), { code: "bad-usage" });
  });

  it("say what they do when they are asked, and only then", () => {
    assert.equal(asksForHelp(["--port", "9443"]), false);
    for (const option of ["--help", "-h"]) assert.ok(asksForHelp(["--exit", option]));
    for (const option of ["--port", "--exit", "--pinned", "--folder"]) assert.ok(help.includes(option));
  });

  it("have the defaults that the README names", () => {
    const folder = join(projectRoot, ".local");
    assert.deepEqual(startOptions([]), { port: 8443, exit: false, pinned: false, folder });
  });
});
