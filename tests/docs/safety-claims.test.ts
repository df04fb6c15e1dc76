import assert from "node:assert/strict";
import { claimProblems, missingTest, readSafetyClaims, unknownSentences } from "./safety-claims.ts";

describe("what the documents promise about safety", () => {
  const known = readSafetyClaims();

  it("is found to be unproven where a sentence or its test has changed", () => {
    // Not in one piece, or this file would have it.
    const title = ["no", "such", "title"].join(" ");
    const claims = {
      "README.md": { "Nothing can go wrong.": { "tests/docs/safety-claims.test.ts": title } },
    };
    assert.equal(claimProblems({ claims, others: {} }).length, 2);
    assert.equal(missingTest("tests/none.test.ts", "a title").length, 1);
    assert.deepEqual(missingTest("tests/docs/safety-claims.test.ts", "is shown by a test each"), []);
  });

  it("is found where it is in no list", () => {
    assert.ok(unknownSentences({ claims: {}, others: {} }).length > 50);
  });

  it("is shown by a test each", () => {
    assert.deepEqual(claimProblems(known), []);
  });

  it("is all known: each sentence is a claim with its test, or said to be none", () => {
    assert.deepEqual(unknownSentences(known), []);
  });
});
