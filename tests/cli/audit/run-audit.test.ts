import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import type { AuditReport } from "../../../cli/audit/audit-report.ts";
import { csvLine, runAudit, type AuditOptions } from "../../../cli/audit/run-audit.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { auditedUsers, stackFolder } from "./audited-stack.ts";

describe("pictures audit", () => {
  const folder = temporaryFolder();

  function run(users: readonly object[], options: AuditOptions = {}) {
    const file = join(folder(), "users.ndjson.gz");
    writeFileSync(file, gzipSync(users.map((user) => `${JSON.stringify(user)}\n`).join("")));
    return runAudit({ stack: "dev", users: file, ...options }, stackFolder(folder()));
  }

  it("stops before all the work where its reports cannot be written", async () => {
    for (const option of ["html", "csv"] as const) {
      const nowhere = run(auditedUsers, { [option]: join(folder(), "none", "report") });
      await assert.rejects(nowhere, { code: "report-file-not-writable", name: "UsageError" });
    }
    const file = join(folder(), "report");
    await assert.rejects(run(auditedUsers, { html: file, csv: file }), { code: "report-files-equal" });
  });

  it("leaves a former report as it is until the new one is complete, and nothing of one that is not", async () => {
    const html = join(folder(), "audit.html");
    writeFileSync(html, "former");
    await assert.rejects(run([{ email: "jane@acme.com" }], { html }), { code: "users-file-invalid" });
    await assert.rejects(run(auditedUsers, { html, csv: join(folder(), "none", "a.csv") }));
    assert.equal(readFileSync(html, "utf8"), "former");
    assert.deepEqual(readdirSync(folder()).toSorted(), ["Pulumi.dev.yaml", "audit.html", "users.ndjson.gz"]);
  });

  it("fails where there are no such users", async () => {
    await assert.rejects(run([], { users: join(folder(), "none") }), {
      code: "users-file-unreadable",
      name: "UsageError",
    });
    await assert.rejects(run([{ email: "jane@acme.com" }]), { code: "users-file-invalid" });
  });

  it("ends with 0 where nothing needs attention, also of nobody", async () => {
    for (const users of [[], auditedUsers.slice(0, 3)]) {
      const { exitCode, json } = await run(users);
      assert.equal(exitCode, 0);
      assert.equal((json as AuditReport).users, users.length);
    }
  });

  it("writes every finding as a line that no spreadsheet runs, for the owner's eyes only", async () => {
    const csv = join(folder(), "findings.csv");
    const { exitCode, json } = await run(auditedUsers, { csv });
    assert.equal(exitCode, 2);
    assert.equal(statSync(csv).mode & 0o777, 0o600);
    const [titles, ...lines] = parse(readFileSync(csv));
    assert.deepEqual(titles, ["user_id", "finding", "cause", "address"]);
    const { findings } = json as AuditReport;
    assert.equal(
      lines.length,
      findings.reduce((sum, { users }) => sum + users, 0),
    );
    for (const field of lines.flat()) assert.doesNotMatch(field, /^[=+@-]|\n/);
    assert.deepEqual(lines.find(([id]) => id === "google-oauth2|203")?.slice(1), [
      "own-invalid",
      "no-url",
      '\'=HYPERLINK("https://evil.com")',
    ]);
  });

  it("writes a page without what users wish it to hold", async () => {
    const html = join(folder(), "audit.html");
    await run(auditedUsers, { html });
    const page = readFileSync(html, "utf8");
    assert.match(page, /^<!doctype html>[^]*<\/html>\n$/);
    assert.doesNotMatch(page, /<script|onerror="|href="javascript|user\d+@/);
    assert.match(page, /own-http: 30/);
    assert.match(page, /and 22 more/);
  });
});

describe("a line of CSV", () => {
  for (const field of ['=HYPERLINK("https://evil.com")', "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r1"]) {
    it(`holds no formula: ${JSON.stringify(field)}`, () => {
      const [[read]] = parse(csvLine([field])) as [[string]];
      assert.equal(read, `'${field}`);
    });
  }

  it("gives back every other text", () => {
    const fields = ["auth0|1", 'a "b", c', "two\nlines", ""];
    assert.deepEqual(parse(csvLine(fields)), [fields]);
    assert.equal(csvLine(["a", null]), '"a",""\r\n');
  });
});
