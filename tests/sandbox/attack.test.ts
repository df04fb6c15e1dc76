import assert from "node:assert/strict";
import type { AttemptResult } from "./attacks/attempt.ts";
import { attemptGroups } from "./attacks/attempt-groups.ts";

describe("The sandbox refuses", () => {
  for (const { name, attempts, run } of attemptGroups()) {
    describe(`where ${name.charAt(0).toLowerCase()}${name.slice(1)}`, () => {
      let results: readonly AttemptResult[] = [];
      before(async () => {
        results = await run();
      });

      for (const attempt of attempts) {
        it(attempt, function () {
          const result = results.find((one) => one.attempt === attempt);
          if (result?.outcome === "skipped") {
            process.stdout.write(`      (${attempt}: ${result.words})\n`);
            this.skip();
          }
          assert.equal(result?.outcome, "refused", result?.words);
        });
      }
    });
  }

  it("at least sixty kinds of attempts", () => {
    const kinds = new Set(attemptGroups().flatMap(({ attempts }) => attempts));
    assert.ok(kinds.size >= 60);
  });
});
