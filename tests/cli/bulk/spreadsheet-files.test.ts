import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { bulkLimits } from "../../../cli/bulk/bulk-run.ts";
import type { BulkFormat } from "../../../cli/bulk/read-rows.ts";
import { peopleOfTenant } from "../people/tenant-people.ts";
import { applied, bulkScopes, outcomesOf } from "./tenant-bulk.ts";

describe("pictures apply of a file as people have it", () => {
  const setup = peopleOfTenant();

  async function apply(content: string | Buffer, format: BulkFormat = "csv") {
    for (const id of ["a", "b"]) {
      setup().tenant.users.create({
        user_id: `auth0|${id}`,
        user_metadata: { picture: "https://acme.com/a" },
      });
    }
    const people = await setup().people(...bulkScopes);
    const input = Readable.from([content]);
    return applied(people, [], { input, format, limits: bulkLimits });
  }

  const pictureOf = (id: string) => setup().tenant.users.get(`auth0|${id}`)?.user_metadata?.["picture"];

  for (const [what, content] of [
    ["ids of Auth0's CSV export", 'user,action\n"\'auth0|a",clear\n"\'auth0|b",clear\n'],
    ["semicolons", "user;action;url;reason\nauth0|a;clear;;\nauth0|b;clear;;\n"],
    ["tabs in UTF-16", Buffer.from("\uFEFFuser\taction\r\nauth0|a\tclear\r\nauth0|b\tclear\r\n", "utf16le")],
    ["a first line for Excel", "sep=,\nuser,action,,\nauth0|a,clear,,\n,,,\nauth0|b,clear,,\n"],
    ["typographic quotes", "user,action\n“auth0|a”,“clear”\n„auth0|b“,clear\n"],
  ] as const) {
    it(`changes the users of ${what}`, async () => {
      const report = await apply(content);
      assert.deepEqual(outcomesOf(report), { changed: 2 });
      assert.match(
        report.text,
        /^2 lines: 2 clear\.\n {2}2 changed, 0 are already as requested, 0 do not exist/,
      );
      assert.deepEqual([pictureOf("a"), pictureOf("b")], ["", ""]);
    });
  }

  it("changes the users of NDJSON in UTF-16", async () => {
    const text = '{"user":"auth0|a","action":"clear"}\n';
    const report = await apply(Buffer.from(text, "utf16le").swap16(), "ndjson");
    assert.deepEqual([outcomesOf(report), pictureOf("a")], [{ changed: 1 }, ""]);
    assert.match(report.text, /^1 line: 1 clear\./);
  });

  it("says one of one line, in the words for one", async () => {
    assert.match(
      (await apply("user,action\nauth0|none,clear\n")).text,
      /^1 line: 1 clear\.\n {2}0 changed, 0 are already as requested, 1 does not exist, 0 failed\./,
    );
  });

  for (const [what, content, format, line, code, remedy] of [
    [
      "a URL in Latin-1",
      Buffer.from("user,action,url\nauth0|a,clear,\nauth0|b,set,https://acme.com/jos\xe9.png\n", "latin1"),
      "csv",
      3,
      "not-utf8",
      /not UTF-8; it looks like Latin-1 .*save it as "CSV UTF-8"/,
    ],
    [
      "a reason in windows-1252",
      Buffer.from("user;action;reason\nauth0|a;block;\x84M\xfcller\x93\nauth0|b;block;M\xfcller\n", "latin1"),
      "csv",
      2,
      "not-utf8",
      /it looks like windows-1252/,
    ],
    [
      "an id in Latin-1, as NDJSON",
      Buffer.from('{"user":"auth0|a","action":"clear"}\n{"user":"auth0|jos\xe9","action":"clear"}', "latin1"),
      "ndjson",
      2,
      "not-utf8",
      /not UTF-8; it looks like Latin-1/,
    ],
    [
      "a JSON array",
      '[\n{"user":"auth0|a","action":"clear"}\n]\n',
      "ndjson",
      1,
      "json-malformed",
      /a JSON array/,
    ],
    [
      "a blank beside a quote",
      'user, "action"\nauth0|a,clear\n',
      "csv",
      1,
      "csv-malformed",
      /Remove the blank/,
    ],
  ] as const) {
    it(`changes nobody by a file with ${what}, and says why in one line`, async () => {
      const report = await apply(content, format);
      const { problems, total } = report.json as {
        readonly problems: readonly object[];
        readonly total: number;
      };
      assert.deepEqual(
        [report.exitCode, total, problems.map((problem) => ({ ...problem, message: "" }))],
        [1, 1, [{ line, code, message: "" }]],
      );
      assert.match(report.text, /^1 error in the file, so nothing was done:\n {2}line \d+: .*\]$/);
      assert.match(report.text, remedy);
      assert.deepEqual([pictureOf("a"), pictureOf("b")], ["https://acme.com/a", "https://acme.com/a"]);
    });
  }

  it("names each faulty line once, with all that is wrong with it", async () => {
    const { text } = await apply("user,action\na,remove\nb,clear\n");
    assert.match(
      text,
      /^3 errors in the file, so nothing was done:\n {2}line 2: .*\[user-invalid\] .*\[action-unknown\]\n {2}line 3: .*\[user-invalid\]$/,
    );
  });
});
