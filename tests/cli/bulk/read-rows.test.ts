import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { BulkFormat, BulkRow } from "../../../cli/bulk/read-rows.ts";
import { bulkFormats, readRows } from "../../../cli/bulk/read-rows.ts";
import type { LineProblem } from "../../../cli/bulk/bulk-change.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

async function rowsOf(format: BulkFormat, ...chunks: readonly (string | Buffer)[]) {
  const rows: (BulkRow | LineProblem)[] = [];
  for await (const row of readRows(Readable.from(chunks), format)) rows.push(row);
  return rows;
}

describe("a CSV file of changes", () => {
  for (const [what, text, code] of [
    ["is empty", "", "columns-missing"],
    ["has no column action", "user,url\n", "columns-missing"],
    ["has an unknown column", "user,action,mail\n", "columns-unknown"],
    ["has a column twice", "user,action,user\n", "columns-unknown"],
  ] as const) {
    it(`is refused where it ${what}`, async () => {
      await assert.rejects(rowsOf("csv", text), { code });
    });
  }

  it("says which lines are none, and goes on behind them", async () => {
    const rows = await rowsOf("csv", 'user,action\na|1,cl"ear\na|2,clear\na|3,"clear\n');
    const found = rows.map((row) => `${row.line} ${"code" in row ? row.code : "taken"}`);
    assert.deepEqual(found.sort(), ["2 csv-malformed", "3 taken", "4 csv-malformed"]);
  });

  it("is not taken for headless where its first line is none: that is said", async () => {
    const rows = await rowsOf("csv", 'us"er,action\na|1,clear\na|2,clear\n');
    const found = rows.map((row) => [row.line, (row as LineProblem).code]);
    assert.deepEqual(found, [[1, "csv-malformed"]]);
  });

  it("does not keep in memory that every line is none", async () => {
    const bad = Array.from({ length: 50 }, () => 'a"\n'.repeat(1000));
    const rows = await rowsOf("csv", "user,action\n", ...bad);
    assert.equal(rows.length, 1000);
  });

  it("shows no column's name that could change a terminal", async () => {
    await assert.rejects(
      rowsOf("csv", "user,action,\u202Ex\n"),
      (error: Error) => !error.message.includes("\u202E"),
    );
  });

  it("says which line has too many values", async () => {
    const [row] = await rowsOf("csv", "user,action\na|1,clear,x\n");
    assert.deepEqual([row?.line, (row as LineProblem).code], [2, "values-wrong-number"]);
  });

  it("does not keep a value without an end in memory", async () => {
    const endless = Array.from({ length: 40 }, () => "x".repeat(10_000));
    const rows = await rowsOf("csv", 'user,action\n"', ...endless);
    assert.deepEqual(
      rows.map((row) => (row as LineProblem).code),
      ["line-too-long"],
    );
  });

  it("is read with a byte order mark, quotes, empty lines and both line ends, by the lines' own numbers", async () => {
    const text = '\uFEFFuser,Action,reason\r\n\r\n"a|1",block,"two\nlines"\r\na|2,clear,\n';
    assert.deepEqual(await rowsOf("csv", text.slice(0, 12), text.slice(12)), [
      { line: 3, fields: { user: "a|1", action: "block", reason: "two\nlines" } },
      { line: 5, fields: { user: "a|2", action: "clear" } },
    ]);
  });
});

describe("a file of changes that breaks off", () => {
  const folder = temporaryFolder();

  for (const format of bulkFormats) {
    it(`is called unreadable, as ${format}`, async () => {
      const rows = readRows(createReadStream(folder()), format);
      await assert.rejects(rows.next(), { code: "file-unreadable" });
    });
  }
});

describe("an NDJSON file of changes", () => {
  for (const [line, code] of [
    ["{", "json-malformed"],
    ["[]", "json-malformed"],
    ["null", "json-malformed"],
    ['{"user":"a|1","mail":"x"}', "field-unknown"],
    [JSON.stringify({ user: "x".repeat(70_000) }), "line-too-long"],
  ] as const) {
    it(`has its line refused: ${line.slice(0, 40)}`, async () => {
      const [row] = await rowsOf("ndjson", `\n${line}\n`);
      assert.deepEqual([row?.line, (row as LineProblem).code], [2, code]);
    });
  }

  it("is read in whatever parts it comes, with a last line that does not end", async () => {
    const bytes = Buffer.from('\uFEFF{"user":"a|Zoë","action":"clear"}\r\n\n{"user":"a|2"}');
    const parts = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));
    assert.deepEqual(await rowsOf("ndjson", ...parts), [
      { line: 1, fields: { user: "a|Zoë", action: "clear" } },
      { line: 3, fields: { user: "a|2" } },
    ]);
  });
});
