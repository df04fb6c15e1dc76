import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { bulkFormats, readRows, type BulkFormat } from "../../../cli/bulk/read-rows.ts";
import type { BulkRow } from "../../../cli/bulk/row.ts";
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

describe("a CSV file as spreadsheets write it", () => {
  const clear = (line: number, user: string) => ({ line, fields: { user, action: "clear" } });

  for (const [what, text] of [
    ["semicolons", "user;action;url;reason\na|1;clear;;\na|2;clear;;\n"],
    ["tabs", "user\taction\n\na|1\tclear\na|2\tclear"],
    ["quoted names and semicolons", '"user";"action";"reason"\na|1;clear;\n'],
    ["lines that end as on old Macs", "user,action\ra|1,clear\ra|2,clear\r"],
  ] as const) {
    it(`is taken: ${what}`, async () => {
      const rows = await rowsOf("csv", text);
      const users = rows.map((row) => ("fields" in row ? row.fields : row));
      assert.deepEqual(users[0], { user: "a|1", action: "clear" });
      assert.ok(users.every((user) => "action" in user));
    });
  }

  for (const first of ["sep=,", '"sep=,"', "SEP=,,,", "\uFEFFsep=,", "sep="]) {
    it(`may tell the delimiter in its first line, as Excel takes it: ${JSON.stringify(first)}`, async () => {
      const rows = await rowsOf("csv", `${first}\r\nuser,action\r\na|1,clear\r\n`);
      assert.deepEqual(rows, [clear(3, "a|1")]);
    });
  }

  it("may tell a delimiter that stands nowhere before", async () => {
    assert.deepEqual(await rowsOf("csv", "sep=^\nuser^action\na|1,2^clear\n"), [clear(3, "a|1,2")]);
  });

  it("may have commas within values between semicolons", async () => {
    const [row] = await rowsOf("csv", "user;action;reason\na|1;block;rude, and twice\n");
    assert.deepEqual((row as BulkRow).fields["reason"], "rude, and twice");
  });

  it("may have rows and columns with nothing in them", async () => {
    const text = ",,,\nuser,action,,\n,,,\na|1,clear,,\n , ,,\na|2,clear\n,,,\n";
    assert.deepEqual(await rowsOf("csv", text), [clear(4, "a|1"), clear(6, "a|2")]);
    const semicolons = "user;action;;\n;;;\na|1;clear;;;;\n";
    assert.deepEqual(await rowsOf("csv", semicolons), [clear(3, "a|1")]);
  });

  it("says where a column without a name has a value", async () => {
    const [row] = await rowsOf("csv", "user,action,,\na|1,clear,,x\n");
    assert.deepEqual([row?.line, (row as LineProblem).code], [2, "values-wrong-number"]);
    assert.match((row as LineProblem).message, /a value in column 4, which the first line does not name/);
  });

  for (const [line, text] of [
    [1, 'user, "action"\na|1,clear\n'],
    [2, 'user,action\na|1, "clear"\n'],
    [2, 'user,action\n"a|1" ,clear\n'],
    [2, 'user;action\na|1;  "clear"\na|2;clear\n'],
  ] as const) {
    it(`has a blank beside a quote explained, once: ${JSON.stringify(text)}`, async () => {
      const problems = (await rowsOf("csv", text)).filter((row) => "code" in row);
      assert.deepEqual(
        problems.map((problem) => [problem.line, problem.code]),
        [[line, "csv-malformed"]],
      );
      assert.match(problems[0]?.message ?? "", /a blank between a quote and the comma beside it\. Remove/);
    });
  }

  for (const [what, row, fields] of [
    ["apostrophes of Auth0's export", `"'a|1","'clear",,`, { user: "a|1", action: "clear" }],
    ["apostrophes of a word processor", "’a|1,‘clear’,,", { user: "a|1", action: "clear" }],
    [
      "typographic quotes",
      "“a|1”,„set“,«https://img.acme.com/a.png»,",
      {
        user: "a|1",
        action: "set",
        url: "https://img.acme.com/a.png",
      },
    ],
    ["both", `'“a|1”,"""clear""",,`, { user: "a|1", action: "clear" }],
    ["those of a reason", "a|1,block,,'case 4711", { user: "a|1", action: "block", reason: "case 4711" }],
    [
      "quotes around a reason",
      "a|1,block,,“case 4711”",
      { user: "a|1", action: "block", reason: "case 4711" },
    ],
    [
      "not those within",
      "ad|o'neil,block,,“rude” and “loud”",
      {
        user: "ad|o'neil",
        action: "block",
        reason: "“rude” and “loud”",
      },
    ],
  ] as const) {
    it(`has what marks a value as text taken off: ${what}`, async () => {
      assert.deepEqual(await rowsOf("csv", `'user,“action”,url,reason\n${row}\n`), [{ line: 2, fields }]);
    });
  }
});

describe("the encoding of a file of changes", () => {
  const text = { csv: "user,action\na|Zoë 😀,clear\n", ndjson: '{"user":"a|Zoë 😀","action":"clear"}\n' };
  const utf16 = (content: string) => Buffer.from(content, "utf16le");
  const bytewise = (bytes: Buffer) => Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));

  for (const format of bulkFormats) {
    for (const [what, bytes] of [
      ["UTF-8 with a mark", Buffer.from(`\uFEFF${text[format]}`)],
      ["UTF-16", utf16(`\uFEFF${text[format]}`)],
      ["UTF-16 without a mark", utf16(text[format])],
      ["big-endian UTF-16", utf16(`\uFEFF${text[format]}`).swap16()],
      ["big-endian UTF-16 without a mark", utf16(text[format]).swap16()],
    ] as const) {
      it(`is taken in whatever parts it comes: ${what}, as ${format}`, async () => {
        for (const parts of [[bytes], bytewise(bytes)]) {
          const [row, ...more] = await rowsOf(format, ...parts);
          assert.deepEqual([(row as BulkRow).fields, more], [{ user: "a|Zoë 😀", action: "clear" }, []]);
        }
      });
    }

    const line = (user: string) =>
      format === "csv" ? `${user},block,"Beschwerde"\n` : `{"user":"${user}","action":"clear"}\n`;
    const head = format === "csv" ? "user,action,reason\n" : "\n";
    for (const [what, bytes, looks] of [
      ["Latin-1", Buffer.from(line("a|José"), "latin1"), /is not UTF-8; it looks like Latin-1/],
      ["windows-1252", Buffer.from(line("a|\x93Jos\x94"), "latin1"), /it looks like windows-1252/],
      ["packed", Buffer.from([0x1f, 0x8b, 8, 0, 0xff, 0xfe]), /it looks like no text at all/],
      ["half of a character", Buffer.from([0xed, 0xa0, 0x80]), /is not UTF-8/],
      ["cut off", Buffer.from(line("a|2").slice(0, 5) + "é").subarray(0, -1), /breaks off in the middle/],
    ] as const) {
      it(`is refused with its line, once, and nothing garbled comes out: ${what}, as ${format}`, async () => {
        const content = Buffer.concat([Buffer.from(head + line("a|1")), bytes, Buffer.from("\n\n")]);
        const cut = what === "cut off" ? content.subarray(0, -2) : content;
        for (const parts of [[cut], bytewise(cut)]) {
          const [good, problem, ...more] = await rowsOf(format, ...parts);
          assert.deepEqual((good as BulkRow).fields["user"], "a|1");
          assert.deepEqual([problem?.line, (problem as LineProblem).code, more], [3, "not-utf8", []]);
          if (parts.length === 1) assert.match((problem as LineProblem).message, looks);
        }
      });
    }
  }

  it("is told once where the line that is not UTF-8 is within a quoted value, or the first", async () => {
    const found = async (content: string) =>
      (await rowsOf("csv", Buffer.from(content, "latin1"))).map((row) => [
        row.line,
        (row as LineProblem).code,
      ]);
    assert.deepEqual(await found('user,action,reason\na|1,block,"one\ntwo é"\n'), [[3, "not-utf8"]]);
    assert.deepEqual(await found("usér,action\na|1,clear\n"), [[1, "not-utf8"]]);
    assert.deepEqual(await found("user,action\na|1,clear,x\na|é,clear\n"), [
      [2, "values-wrong-number"],
      [3, "not-utf8"],
    ]);
  });

  it("tells how a spreadsheet saves UTF-8", async () => {
    const [problem] = await rowsOf("csv", Buffer.from("user;action\na|é;clear", "latin1"));
    assert.match(
      (problem as LineProblem).message,
      /save it as "CSV UTF-8"\. Nothing after it was checked\.$/,
    );
  });

  it("of 100,000 lines of UTF-16 between semicolons needs no more memory than of a few", async () => {
    const row = (n: number) => `auth0|Zoë${n};block;;"case ${n}; open"\r\n`;
    const lines = 100_000;
    let given = 0;
    let taken = 0;
    let ahead = 0;
    function* parts() {
      yield utf16("\uFEFFuser;action;url;reason\r\n");
      for (; given < lines; given += 100) {
        yield utf16(Array.from({ length: 100 }, (_, n) => row(given + n)).join(""));
      }
    }
    for await (const one of readRows(Readable.from(parts(), { objectMode: false }), "csv")) {
      assert.deepEqual(one, {
        line: taken + 2,
        fields: { user: `auth0|Zoë${taken}`, action: "block", reason: `case ${taken}; open` },
      });
      taken += 1;
      ahead = Math.max(ahead, given - taken);
    }
    assert.equal(taken, lines);
    // Lines that were read and not yet given out.
    assert.ok(ahead < 10_000, String(ahead));
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

  for (const [what, text, remedy] of [
    ["an array on many lines", '[\n{"user":"a|1"},\n{"user":"a|2"}\n]\n', /a JSON array.* jq -c '\.\[\]'/],
    ["an array on one line", '\uFEFF [{"user":"a|1"},{"user":"a|2"}]', /a JSON array/],
    [
      "objects over many lines",
      '{\n  "user": "a|1"\n}\n{\n  "user": "a|2"\n}\n',
      /several lines.* jq -c \. /,
    ],
  ] as const) {
    it(`is explained once where it is ${what}`, async () => {
      const [problem, ...more] = await rowsOf("ndjson", text);
      assert.deepEqual([(problem as LineProblem).code, more], ["json-malformed", []]);
      assert.match((problem as LineProblem).message, remedy);
    });
  }

  it("may have kept a CSV file's apostrophes before ids, and keeps a reason as it is", async () => {
    const [row] = await rowsOf("ndjson", JSON.stringify({ user: "'a|1", action: "block", reason: "'tis" }));
    assert.deepEqual((row as BulkRow).fields, { user: "a|1", action: "block", reason: "'tis" });
  });

  it("is read in whatever parts it comes, with a last line that does not end", async () => {
    const bytes = Buffer.from('\uFEFF{"user":"a|Zoë","action":"clear"}\r\n\n{"user":"a|2"}');
    const parts = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));
    assert.deepEqual(await rowsOf("ndjson", ...parts), [
      { line: 1, fields: { user: "a|Zoë", action: "clear" } },
      { line: 3, fields: { user: "a|2" } },
    ]);
  });
});
