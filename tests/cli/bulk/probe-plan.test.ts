import assert from "node:assert/strict";
import type { BulkChange } from "../../../cli/bulk/bulk-change.ts";
import { firstProblems } from "../../../cli/bulk/first-problems.ts";
import { probePlan } from "../../../cli/bulk/probe-plan.ts";
import { ExpectedError } from "../../../infra/expected-error.ts";

describe("the probe of a file's addresses", () => {
  it("names the lines whose address has no picture, and keeps the first ones", async () => {
    const problems = firstProblems(2);
    await probePlan(
      {
        changes: function* (): Generator<BulkChange> {
          for (let line = 40; line > 1; line -= 1) {
            yield { line, user: `auth0|${line}`, action: "set", url: `https://img.acme.com/${line}.png` };
          }
          yield { line: 1, user: "auth0|1", action: "clear" };
        },
      },
      problems,
      (url) => {
        if (/\/\d\.png/.test(url)) throw new ExpectedError("picture-url-unreachable", "It is not there.");
        return Promise.resolve();
      },
    );
    assert.equal(problems.total(), 8);
    assert.deepEqual(
      problems.first().map(({ line, code }) => [line, code]),
      [
        [2, "picture-url-unreachable"],
        [3, "picture-url-unreachable"],
      ],
    );
  });
});
