import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { impactSummary } from "../../../cli/impact/describe-impact.ts";
import { createReport, type ImpactReport } from "../../../cli/impact/impact-report.ts";
import { mergeReports } from "../../../cli/impact/merge-reports.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("merging reports", () => {
  const folder = temporaryFolder();

  function file(content: unknown): string {
    const path = join(folder(), "part.json");
    const isText = typeof content === "string" || Buffer.isBuffer(content);
    writeFileSync(path, isText ? content : JSON.stringify(content));
    return path;
  }

  function part(before = "kept"): ImpactReport {
    const flow = {
      origin: { from: "program", stack: "dev" } as const,
      actions: [{ name: "a", sha256: "0" }],
    };
    const builder = createReport({
      stack: "dev",
      old: flow,
      new: flow,
      shard: { index: 1, of: 1 },
      sample: 1,
    });
    const outcome = { reason: "removed", picture: null };
    builder.add({
      groups: [{ old: before, new: "removed", connection: "Staff", users: 2, changed: 1 }],
      fields: { identities: 2, user_metadata: 2, app_metadata: 2 },
      examples: [
        { userId: "auth0|1", connection: "Staff", old: { ...outcome, reason: before }, new: outcome },
      ],
    });
    return builder.report();
  }

  it("refuses a part that is damaged, wherever that is", () => {
    const whole = part() as unknown as Record<string, unknown>;
    assert.equal(mergeReports([file(whole)]).users, 2);
    const { oldReasons: _, newReasons: __, connections: ___, failing: ____, ...merged } = whole;
    for (const name of Object.keys(merged)) {
      for (const damaged of [null, -1, "x", {}, [null], [{}]]) {
        if (name === "stack" && damaged === "x") continue;
        const path = file({ ...whole, [name]: damaged });
        assert.throws(
          () => mergeReports([path]),
          { code: "report-unreadable" },
          `${name}: ${JSON.stringify(damaged)}`,
        );
      }
    }
  });

  it("refuses a part that is cut off, or whose parts are endless", () => {
    const text = JSON.stringify(part());
    assert.throws(() => mergeReports([file(text.slice(0, -9))]), {
      code: "report-unreadable",
      message: /it is not valid JSON\.$/,
    });
    const endless = file({ ...part(), shard: { index: 1, of: Number.MAX_SAFE_INTEGER } });
    assert.throws(() => mergeReports([endless]), { code: "report-unreadable" });
  });

  it("takes a part with a byte order mark and in UTF-16, and names the line that is neither", () => {
    const text = `\uFEFF${JSON.stringify(part())}`;
    assert.equal(mergeReports([file(text)]).users, 2);
    assert.equal(mergeReports([file(Buffer.from(text, "utf16le"))]).users, 2);
    assert.equal(mergeReports([file(Buffer.from(text, "utf16le").swap16())]).users, 2);
    const garbled = file(Buffer.from(JSON.stringify(part("Zoë")), "latin1"));
    const message = /part\.json cannot be used: line 1 is not UTF-8; it looks like Latin-1/;
    assert.throws(() => mergeReports([garbled]), { code: "report-unreadable", message });
  });

  it("shows a reason of a foreign part as text", () => {
    const merged = mergeReports([file(part("x | y\n\n# <img src=a> [b](https://acme.com)"))]);
    const row = impactSummary(merged)
      .split("\n")
      .find((line) => line.includes("acme"));
    assert.equal(
      row,
      "| x \\| y\uFFFD\uFFFD\\# \\<img src=a\\> \\[b\\]\\(https\\://acme.com\\) | removed | 2 | 1 |",
    );
  });
});
