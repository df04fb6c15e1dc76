import assert from "node:assert/strict";
import { stateFailure } from "../../../cli/bulk/bulk-folder.ts";
import { ExpectedError } from "../../../infra/expected-error.ts";

describe("a full disk under a bulk run", () => {
  it("is said in words, and nothing else is", () => {
    const full = stateFailure("/state", Object.assign(new Error("no space left"), { code: "ENOSPC" }));
    assert.ok(full instanceof ExpectedError && full.code === "state-not-writable");
    for (const other of [new Error("x"), new ExpectedError("report-not-writable", "x")]) {
      assert.equal(stateFailure("/state", other), other);
    }
  });
});
