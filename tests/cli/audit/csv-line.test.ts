import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { csvLine } from "../../../cli/audit/csv-line.ts";

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
