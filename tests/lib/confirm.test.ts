import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { confirm } from "../../lib/confirm.ts";
import { term } from "../../lib/terminal-text.ts";

describe("a question before a change", () => {
  function terminal(isTTY: boolean): {
    input: PassThrough & { isTTY: boolean };
    output: PassThrough & { isTTY: boolean };
  } {
    return {
      input: Object.assign(new PassThrough(), { isTTY }),
      output: Object.assign(new PassThrough(), { isTTY }),
    };
  }

  it("is bad usage where nobody can be asked, and names --yes", async () => {
    await assert.rejects(confirm(term`Delete it?`, {}, terminal(false)), {
      name: "UsageError",
      code: "confirmation-needed",
      message: /^Delete it\? .*--yes/,
    });
  });

  it("is not asked with --yes", async () => {
    assert.equal(await confirm(term`Delete it?`, { yes: true }, terminal(false)), true);
  });

  for (const [answer, meaning] of [
    ["y\n", true],
    ["YES\n", true],
    ["n\n", false],
    ["\n", false],
    ["yellow\n", false],
  ] as const) {
    it(`takes ${JSON.stringify(answer)} for ${meaning ? "yes" : "no"}`, async () => {
      const { input, output } = terminal(true);
      const answered = confirm(term`Delete it?`, {}, { input, output });
      input.write(answer);
      assert.equal(await answered, meaning);
      assert.equal(String(output.read()), "Delete it? [y/N] ");
    });
  }

  it("takes an input that ends without an answer for no", async () => {
    const { input, output } = terminal(true);
    const answered = confirm(term`Delete it?`, {}, { input, output });
    input.end();
    assert.equal(await answered, false);
  });
});
