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

  const whole = { ...auditedUsers[0], user_metadata: {}, app_metadata: {} };

  it("ends with 0 where nothing needs attention", async () => {
    const { exitCode, json, text } = await run([whole, ...auditedUsers.slice(1, 3)]);
    assert.equal(exitCode, 0);
    const { users, warnings } = json as AuditReport;
    assert.deepEqual([users, warnings], [3, []]);
    assert.match(text, /Nothing needs attention\.$/);
  });

  const { user_metadata: _, ...withoutOwn } = whole;
  const { app_metadata: __, ...withoutFlags } = whole;
  const { identities: ___, ...withoutIdentities } = whole as Record<string, unknown>;
  for (const [what, users, warnings] of [
    ["nobody", [], ["There are no users in the file: nothing was checked."]],
    [
      "an export without a list of fields",
      [{ user_id: "auth0|a1", email: "a1@acme.com", picture: "https://cdn.auth0.com/avatars/a1.png" }],
      ["user_metadata", "app_metadata", "identities"].map(missing),
    ],
    ["users without user_metadata", [withoutOwn, withoutOwn], [missing("user_metadata")]],
    ["users without app_metadata", [withoutFlags], [missing("app_metadata")]],
    ["users without picture", [{ ...whole, picture: undefined }], [missing("picture")]],
    ["users without identities", [withoutIdentities], [missing("identities")]],
    [
      "a flat export",
      [{ ...withoutOwn, "user_metadata.picture": "https://img.acme.com/a1.png" }],
      [flat("user_metadata"), missing("user_metadata")],
    ],
    [
      "a flat export of blocks",
      [{ ...withoutFlags, "app_metadata.picture": true }],
      [flat("app_metadata"), missing("app_metadata")],
    ],
    [
      "users of whom one is flat",
      [whole, { ...whole, "user_metadata.picture": "" }],
      [flat("user_metadata")],
    ],
  ] as const) {
    it(`does not say that all is well of ${what}`, async () => {
      const html = join(folder(), "audit.html");
      const { exitCode, json, text } = await run(users, { html });
      assert.equal(exitCode, 2);
      assert.deepEqual((json as AuditReport).warnings, warnings);
      const page = readFileSync(html, "utf8");
      for (const shown of [text, page]) {
        assert.doesNotMatch(shown, /Nothing needs attention/);
        for (const warning of warnings) assert.ok(shown.includes(warning), shown);
      }
    });
  }

  function missing(field: string): string {
    return `No user has ${field}: export it too, because the Actions read it.`;
  }

  function flat(field: string): string {
    return `Users have a field ${field}.picture, which is not read: export ${field} as a whole.`;
  }

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
