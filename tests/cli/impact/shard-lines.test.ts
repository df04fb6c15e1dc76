import assert from "node:assert/strict";
import { isInShard } from "../../../cli/impact/example-sample.ts";
import { keepShard } from "../../../cli/impact/shard-lines.ts";

describe("a batch of a shard", () => {
  const users = Array.from({ length: 40 }, (_, index) => `{"user_id":"auth0|Zoë ${index}"}`);

  function kept(lines: readonly string[], end = ""): string[] {
    const bytes = Buffer.from(lines.join("\n") + end);
    // What an earlier batch left behind the end.
    const buffer = Buffer.concat([bytes, Buffer.from('"}\n{"user_id":"auth0|left"}')]);
    keepShard({ buffer, length: bytes.length }, { index: 1, of: 2 });
    assert.equal(buffer.toString("utf8", bytes.length), '"}\n{"user_id":"auth0|left"}');
    return buffer.toString("utf8", 0, bytes.length).split("\n");
  }

  for (const [what, end] of [
    ["with", "\n"],
    ["without", ""],
  ] as const) {
    it(`has blank lines in the place of other shards' users, ${what} a line feed at the end`, () => {
      const found = kept(users, end);
      const own = users.map((line) => {
        const { user_id: id } = JSON.parse(line) as { user_id: string };
        return isInShard(id, { index: 1, of: 2 }) ? line : "";
      });
      assert.ok(own.includes("") && own.some((line) => line !== ""));
      assert.deepEqual(
        found.map((line) => line.trim()),
        end === "" ? own : [...own, ""],
      );
    });
  }

  it("keeps every line that is no user, so that it is told of in each shard", () => {
    const broken = ["{", '{"user_id":""}', "", "[]"];
    assert.deepEqual(kept(broken), broken);
  });
});
