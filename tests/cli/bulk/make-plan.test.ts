import assert from "node:assert/strict";
import { checkRow } from "../../../cli/bulk/make-plan.ts";
import { settings } from "../people/tenant-people.ts";

const user = "auth0|1";
const checks = { settings, now: new Date("2026-11-21T12:00:00Z") };
const url = "https://img.acme.com/a.png";

function codesOf(fields: Record<string, unknown>): string[] {
  return checkRow({ line: 7, fields }, checks).problems.map(({ code }) => code);
}

describe("a line of a file of changes", () => {
  for (const [fields, codes] of [
    [{}, ["user-invalid", "action-unknown"]],
    [{ user: "jane@acme.com", action: "clear" }, ["user-invalid"]],
    [{ user: `auth0|${"x".repeat(2000)}`, action: "clear" }, ["user-invalid"]],
    [{ user: "auth0|1\u202E", action: "clear" }, ["user-invalid"]],
    [{ user: 1, action: 2 }, ["user-invalid", "action-unknown"]],
    [{ user, action: "set" }, ["url-missing"]],
    [{ user, action: "set", url: "https://localhost/a.png" }, ["url-not-allowed"]],
    [{ user, action: "set", url, reason: "x" }, ["reason-unused"]],
    [{ user, action: "clear", url }, ["url-unused"]],
    [{ user, action: "block", reason: " " }, ["reason-missing"]],
    [{ user, action: "block", reason: "x".repeat(1001) }, ["reason-too-long"]],
    [{ user, action: "unblock", reason: "x" }, ["reason-unused"]],
  ] as const) {
    it(`is refused: ${JSON.stringify(fields).slice(0, 60)}`, () => {
      assert.deepEqual(codesOf(fields), codes);
    });
  }

  it("is taken with spaces around, capitals in the action, and the address as a login gives it", () => {
    const fields = { user: ` ${user} `, action: "SET", url: " https://IMG.acme.com/a.png" };
    assert.deepEqual(checkRow({ line: 7, fields }, checks).change, { line: 7, user, action: "set", url });
  });

  it("may be a block with its reason, or an unblock", () => {
    assert.deepEqual(codesOf({ user, action: "block", reason: "case 1" }), []);
    assert.deepEqual(codesOf({ user, action: "unblock", url: null }), []);
  });
});
