import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { picturesProgram } from "../../../cli/pictures-program.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { recordedRun } from "../recorded-run.ts";

describe("the command line of pictures apply", () => {
  const folder = temporaryFolder();

  it("has to tell the format where the file's name does not", async () => {
    for (const name of ["-", "changes.txt"]) {
      const { code, err } = await recordedRun(picturesProgram(), "apply", name);
      assert.equal(code, 3);
      assert.match(err, /\[format-missing\]/);
    }
  });

  it("names a file that cannot be read", async () => {
    for (const name of [join(folder(), "none.csv"), folder()]) {
      const { code, err } = await recordedRun(picturesProgram(), "apply", name, "--format", "csv");
      assert.equal(code, 1);
      assert.match(err, /\[file-unreadable\]/);
    }
  });

  it("names a file that is there and cannot be opened", async () => {
    // A socket, since nothing is closed to root.
    const file = join(folder(), "closed.csv");
    const server = createServer().listen(file);
    await once(server, "listening");
    try {
      const { code, err } = await recordedRun(picturesProgram(), "apply", file);
      assert.equal(code, 1);
      assert.match(err, /closed\.csv cannot be read: .*\[file-unreadable\]/);
    } finally {
      server.close();
    }
  });

  it("reads the file no further where there is no such stack", async () => {
    const file = join(folder(), "changes.ndjson");
    writeFileSync(file, "{}");
    const { err } = await recordedRun(picturesProgram(), "apply", file, "--stack", "nowhere");
    assert.match(err, /\[stack-file-missing\]/);
  });
});
