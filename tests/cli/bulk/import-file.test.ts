import assert from "node:assert/strict";
import type { BulkRun } from "../../../cli/bulk/bulk-run.ts";
import { filesInFlight } from "../../../cli/bulk/files-in-flight.ts";
import { pause, readPatiently } from "../../../cli/bulk/import-file.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("a run's imports that fail again and again", () => {
  const folder = temporaryFolder();
  const failed = () => ({ run: {} as BulkRun, files: filesInFlight(folder(), "run"), failed: 5.5 });

  it("end with the failure of the export, where that is what fails", async () => {
    const error = new ExpectedError("export-failed", "Its file breaks off.");
    await assert.rejects(
      readPatiently(failed(), () => Promise.reject(error)),
      error,
    );
  });

  it("end with how to go on without imports", async () => {
    await assert.rejects(pause(failed(), "unknown"), { code: "imports-failed", message: /--no-import/ });
  });
});
