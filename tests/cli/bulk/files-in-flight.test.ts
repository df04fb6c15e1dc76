import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { filesInFlight } from "../../../cli/bulk/files-in-flight.ts";
import { emptyPack } from "../../../cli/bulk/import-pack.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("the notes of imports in flight", () => {
  const folder = temporaryFolder();
  const noted = (name: string) => existsSync(join(folder(), name));

  it("tell a later process which job a file has, until it is done", () => {
    const files = filesInFlight(folder(), "run");
    const file = files.started(files.begin(emptyPack("db")), "job_1");
    assert.deepEqual(filesInFlight(folder(), "run").left(), [file]);
    files.done(file);
    assert.ok(!noted("file-1.json") && !noted("job-1.json"));
  });

  it("give no later file the job whose own file is gone", () => {
    const files = filesInFlight(folder(), "run");
    files.started(files.begin(emptyPack("db")), "job_1");
    rmSync(join(folder(), "file-1.json"));
    const later = filesInFlight(folder(), "run");
    assert.deepEqual(later.left(), []);
    assert.equal(later.begin(emptyPack("db")).number, 2);
  });

  it("are no pair where they name different imports, even of the same number", () => {
    const files = filesInFlight(folder(), "run");
    const first = files.started(files.begin(emptyPack("db")), "job_1");
    files.started({ ...first, externalId: "another" }, "job_2");
    assert.deepEqual(
      filesInFlight(folder(), "run")
        .left()
        .map(({ jobId }) => jobId),
      [undefined],
    );
  });
});
