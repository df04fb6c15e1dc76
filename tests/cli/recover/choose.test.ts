import assert from "node:assert/strict";
import { choose } from "../../../cli/recover/choose.ts";
import type { Candidate } from "../../../cli/recover/resource-kind.ts";

const candidate = (id: string, isOurs: boolean, refusal?: string): Candidate => ({
  id,
  what: `client ${id}`,
  isOurs,
  because: isOurs ? "marked" : "not marked",
  ...(refusal === undefined ? {} : { refusal }),
});
const ours = candidate("ours", true);
const twin = candidate("twin", true);
const theirs = candidate("theirs", false);

describe("choosing among what could be a resource", () => {
  describe("to recover", () => {
    it("takes over and removes nothing that is not provably ours", () => {
      for (const isMissing of [true, false]) {
        assert.deepEqual(choose({ mode: "recover", isMissing, candidates: [theirs] }), {
          duplicates: [],
          unclear: [theirs],
        });
      }
    });

    it("imports one of ours where the state lacks it, and takes the others for duplicates", () => {
      assert.deepEqual(choose({ mode: "recover", isMissing: true, candidates: [theirs, ours, twin] }), {
        import: ours,
        duplicates: [twin],
        unclear: [theirs],
      });
    });

    it("takes every one of ours for a duplicate where the state has the resource", () => {
      assert.deepEqual(choose({ mode: "recover", isMissing: false, candidates: [ours] }), {
        duplicates: [ours],
        unclear: [],
      });
    });
  });

  describe("to adopt", () => {
    it("refuses what can never be taken over", () => {
      const refused = candidate("bucket", false, "it is somebody else's");
      assert.throws(() => choose({ mode: "adopt", isMissing: true, candidates: [refused] }), {
        code: "adopt-refused",
        message: /somebody else's/,
      });
    });

    it("never guesses among several, not even where one is marked", () => {
      assert.throws(() => choose({ mode: "adopt", isMissing: true, candidates: [ours, theirs] }), {
        code: "adopt-ambiguous",
        message: /client ours.*client theirs.*--client ID/s,
      });
    });

    it("takes no other for the one that the user named, not even the only one", () => {
      const named = { mode: "adopt", isMissing: true, chosenId: "gone" } as const;
      assert.throws(() => choose({ ...named, candidates: [theirs] }), {
        code: "adopt-refused",
        message: /id gone\..*client theirs: not marked.*--client ID/s,
      });
      assert.throws(() => choose({ ...named, candidates: [] }), {
        code: "adopt-refused",
        message: /id gone/,
      });
    });

    it("takes the one that the user named among several", () => {
      const chosen = choose({
        mode: "adopt",
        isMissing: true,
        candidates: [ours, theirs],
        chosenId: "theirs",
      });
      assert.deepEqual(chosen, { import: theirs, duplicates: [], unclear: [] });
    });

    it("takes the only one, marked or not", () => {
      assert.deepEqual(choose({ mode: "adopt", isMissing: true, candidates: [theirs] }), {
        import: theirs,
        duplicates: [],
        unclear: [],
      });
    });

    it("leaves everything alone where the state has the resource already", () => {
      assert.deepEqual(choose({ mode: "adopt", isMissing: false, candidates: [ours, theirs] }), {
        duplicates: [],
        unclear: [],
      });
    });
  });
});
