import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { marked, markOf } from "../../../bench/world/login-probe.ts";
import { projectRoot } from "../../../lib/project.ts";
import { bundleActions } from "../../../stack/bundle-actions.ts";
import { settingsWith } from "../../policy/settings.ts";

const source = readFileSync(join(projectRoot, "actions/user-picture.ts"), "utf8");
const bundle = bundleActions(settingsWith({})).at(-1)?.code ?? "";

describe("a mark in an Action's code", () => {
  it("is refused where the code has no handler", () => {
    assert.throws(() => marked("exports.onExecutePostLogin = undefined;", "a"), /no place/);
    assert.equal(markOf("exports.onExecutePostLogin = undefined;"), undefined);
  });

  for (const [name, code] of Object.entries({ source, bundle })) {
    it(`goes into the ${name}, takes the former one's place, and is read again`, () => {
      const once = marked(code, "one");
      assert.equal(markOf(once), "one");
      const twice = marked(once, "two");
      assert.equal(markOf(twice), "two");
      assert.equal(twice, once.replace('"one"', '"two"'));
    });
  }
});
