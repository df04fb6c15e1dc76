import assert from "node:assert/strict";
import { createFingerprintTable } from "../../lib/fingerprint-table.ts";

describe("a table of fingerprints", () => {
  it("knows of each text what was set last, and of others nothing, while it grows", () => {
    const table = createFingerprintTable();
    assert.equal(table.get("0"), undefined);
    for (let n = 0; n < 20_000; n += 1) table.set(String(n), n % 256);
    table.set("7", 0);
    for (let n = 0; n < 20_000; n += 1) assert.equal(table.get(String(n)), n === 7 ? 0 : n % 256);
    assert.equal(table.get("20000"), undefined);
    assert.equal(table.size(), 20_000);
  });
});
