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

  it("is refused with the cause of its own address", () => {
    const stack = { ...settings, allowedHosts: ["img.acme.com"] };
    for (const [address, why] of [
      ["http://img.acme.com/a.png", /it uses http, not https/],
      ["img.acme.com/a.png", /not a whole URL/],
      ["https://img.acme.com:8443/a.png", /port of its own/],
      ["https://cdn.evil.com/a.png", /not one of img\.acme\.com/],
      ["https://jane:x@img.acme.com/a.png", /user name or password/],
      [`data:image/png;base64,${"A".repeat(3000)}`, /not an https address/],
      [`${url}\u200B`, /U\+200B ZERO WIDTH SPACE \(character 27\)/],
      [`${url} ${url}`, /two addresses/],
    ] as const) {
      const row = { line: 7, fields: { user, action: "set", url: address } };
      const [problem, ...more] = checkRow(row, { ...checks, settings: stack }).problems;
      assert.equal(problem?.code, "url-not-allowed");
      assert.match(problem.message, why);
      assert.doesNotMatch(problem.message, /pictures set/);
      assert.deepEqual(more, []);
    }
  });

  it("is refused where its address has ended", () => {
    const ended = "https://media.licdn.com/dms/image/a?e=1735700000";
    const [problem] = checkRow({ line: 7, fields: { user, action: "set", url: ended } }, checks).problems;
    assert.equal(problem?.code, "url-ended");
    assert.match(problem.message, /ended on 2025-01-01 02:53 UTC/);
    assert.deepEqual(codesOf({ user, action: "set", url: ended.replace("17", "27") }), []);
  });

  it("names the character in the user id that cannot be seen, and reads an id from an address", () => {
    for (const [id, character] of [
      ["auth0|1\u200B", "U+200B ZERO WIDTH SPACE"],
      ["\uFEFFauth0|1", "U+FEFF"],
      ["auth0\u00AD|1", "U+00AD SOFT HYPHEN"],
      ["auth0|1\u00A0", "U+00A0 NO-BREAK SPACE"],
    ] as const) {
      const [problem] = checkRow({ line: 7, fields: { user: id, action: "clear" } }, checks).problems;
      assert.equal(problem?.code, "user-invalid");
      assert.ok(problem.message.includes(character), problem.message);
    }
    assert.equal(checkRow({ line: 7, fields: { user: "auth0%7C1", action: "clear" } }, checks).user, user);
  });

  it("is taken with spaces around, capitals in the action, and the address as a login gives it", () => {
    const fields = { user: ` ${user} `, action: "SET", url: " https://IMG.acme.com/a.png" };
    assert.deepEqual(checkRow({ line: 7, fields }, checks).change, { line: 7, user, action: "set", url });
  });

  it("may be a block with its reason, or an unblock", () => {
    assert.deepEqual(codesOf({ user, action: "block", reason: "case 1" }), []);
    assert.deepEqual(codesOf({ user, action: "unblock", url: null }), []);
  });
});
