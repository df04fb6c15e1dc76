import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Drift } from "../../../cli/drift/drift.ts";
import { driftExitCode, reportDrift } from "../../../cli/drift/report-drift.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const quiet: Drift = { stack: "dev", findings: [], pinned: [], unknown: [] };
const unknown = [{ what: "default image", code: "image-unreachable", why: "no answer" }];
const drifted: Drift = {
  stack: "dev",
  findings: [
    {
      code: "action-draft-differs",
      resource: "Action user-picture",
      property: "code",
      expected: "code 0123",
      found: "50% | <b>,\n@everybody",
      mend: "pulumi up --refresh --stack dev",
      diff: "-one\n+```two",
    },
  ],
  pinned: [],
  unknown: [],
};

describe("a report of drift", () => {
  const folder = temporaryFolder();
  const text = (drift: Drift, format: "text" | "markdown") => reportDrift(drift, format, {}).text;

  it("never says that nothing drifted where something could not be read", () => {
    const report = reportDrift({ ...quiet, unknown }, "text", {});
    assert.equal(report.exitCode, 1);
    assert.doesNotMatch(report.text, /no drift/);
    assert.match(report.text, /^unknown {2}default image: no answer \[image-unreachable\]$/m);
    assert.match(report.text, /nothing found, and 1 thing could not be checked: it may have drifted\.$/);
    const both = text({ ...quiet, unknown: [...unknown, ...unknown] }, "text");
    assert.match(both, /, and 2 things could not be checked: /);
  });

  it("is drift where something was found, whatever else could not be read", () => {
    assert.equal(driftExitCode({ ...drifted, unknown }), 2);
    assert.equal(driftExitCode(quiet), 0);
    assert.equal(text(quiet, "text"), "Stack dev: no drift.");
  });

  it("has one line for each thing, with what mends it, and code as a diff", () => {
    const report = text(drifted, "text");
    assert.match(report, /^drift {4}Action user-picture, code: expected code 0123, found /m);
    assert.match(report, /To fix it: pulumi up --refresh --stack dev \[action-draft-differs\]\n {4}-one\n/);
    assert.match(report, /Stack dev: 1 thing drifted\.$/);
  });

  it("lets nothing that was found break out of its cell or its block of Markdown", () => {
    const report = text(drifted, "markdown");
    assert.match(report, /\| 50% \\\| &#60;b&#62;, \\@everybody \|/);
    assert.match(report, /^````diff\n-one\n\+```two\n````$/m);
  });

  it("annotates a job, and writes its summary to the file that GitHub names", () => {
    const file = join(folder(), "summary.md");
    const report = reportDrift({ ...drifted, unknown }, "github", { GITHUB_STEP_SUMMARY: file });
    const [error, warning] = report.text.split("\n");
    assert.match(
      error ?? "",
      /^::error title=Drift in stack dev::Action user-picture, .*50%25 \| <b>,%0A@everybody/,
    );
    assert.match(warning ?? "", /^::warning title=Stack dev%3A unknown::default image: no answer/);
    assert.match(readFileSync(file, "utf8"), /^### Stack dev: 1 thing drifted/);
  });
});
