import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { typescriptLoader } from "../../lib/project.ts";
import { openReportFile, refuseEqualReportFiles } from "../../lib/report-file.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("a report's file", () => {
  const folder = temporaryFolder();
  const path = (name = "report") => join(folder(), name);

  it("is refused at once where it is a folder, or in none", () => {
    mkdirSync(path("reports"));
    for (const name of [path("reports"), path("none/report"), ""]) {
      assert.throws(() => openReportFile("--html", name), {
        name: "UsageError",
        code: "report-file-not-writable",
        message: /^--html/,
      });
    }
    assert.deepEqual(readdirSync(folder()), ["reports"]);
  });

  it("is refused where another report goes there, whatever it is called", () => {
    mkdirSync(path("reports"));
    symlinkSync(path("reports"), path("link"));
    writeFileSync(path("reports/a"), "");
    for (const name of [path("reports/a"), path("link/a"), path("reports/../reports/a"), path("link/b")]) {
      const names = { "--html": name, "--json": undefined, "--csv": name.replace("link", "reports") };
      assert.throws(() => refuseEqualReportFiles(names), {
        name: "UsageError",
        code: "report-files-equal",
        message: /--html and --csv/,
      });
    }
    refuseEqualReportFiles({ "--html": path("reports/a"), "--csv": path("reports/b") });
  });

  it("takes the place of a former one when it is complete, for its owner's eyes only", () => {
    writeFileSync(path(), "former", { mode: 0o644 });
    const [one, other] = [openReportFile("--csv", path()), openReportFile("--csv", path())];
    one.write("one");
    other.write("other");
    assert.equal(readFileSync(path(), "utf8"), "former");
    other.finish();
    one.finish();
    for (const file of [one, other]) file.drop();
    assert.equal(readFileSync(path(), "utf8"), "one");
    assert.equal(statSync(path()).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder()), ["report"]);
  });

  it("follows no link that somebody put there", () => {
    writeFileSync(path("precious"), "precious");
    symlinkSync(path("precious"), path("report.part"));
    symlinkSync(path("precious"), path());
    const file = openReportFile("--csv", path());
    file.write("report");
    file.finish();
    assert.equal(readFileSync(path("precious"), "utf8"), "precious");
    assert.equal(readFileSync(path(), "utf8"), "report");
  });

  it("leaves a device a device", () => {
    const file = openReportFile("--csv", "/dev/null");
    file.write("report");
    file.finish();
    file.drop();
    assert.ok(statSync("/dev/null").isCharacterDevice());
  });

  it("may be standard output", () => {
    const script = `
      const file = require("./lib/report-file.ts").openReportFile("--csv", "/dev/stdout");
      file.write("report");
      file.finish();`;
    const args = [process.execPath, typescriptLoader, script];
    const output = execFileSync("sh", ["-c", '"$0" --require "$1" -e "$2" | cat', ...args], {
      encoding: "utf8",
    });
    assert.equal(output, "report");
  });

  it("says that it cannot be completed where the place is gone, and leaves nothing", () => {
    const file = openReportFile("--csv", path());
    mkdirSync(path());
    assert.throws(() => file.finish(), {
      name: "ExpectedError",
      code: "report-not-written",
      message: /EISDIR/,
    });
    file.drop();
    assert.deepEqual(readdirSync(folder()), ["report"]);
  });

  it("says that there is no room, at the end or before", function () {
    // Only Linux has it.
    if (!existsSync("/dev/full")) this.skip();
    const small = openReportFile("--csv", "/dev/full");
    small.write("x");
    assert.throws(() => small.finish(), { code: "report-not-written", message: /ENOSPC/ });
    small.drop();
    const large = openReportFile("--csv", "/dev/full");
    assert.throws(() => large.write("x".repeat(100_000)), { code: "report-not-written" });
    large.drop();
  });
});
