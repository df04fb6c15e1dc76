import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";

const load = createRequire(join(projectRoot, "index.ts"));
const { lazyIndex } = load("./loader/lazy-pulumi.js") as { lazyIndex: (id: string) => string };

/** Runs the source as a module of the project. */
function evaluate(source: string): Record<string, unknown> {
  const exports = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- It is what esbuild would put into a bundle.
  (new Function("exports", "require", source) as (exports: object, require: NodeJS.Require) => void)(
    exports,
    load,
  );
  return exports;
}

describe("the lazy indexes of @pulumi/pulumi", () => {
  for (const id of ["@pulumi/pulumi", "@pulumi/pulumi/runtime"]) {
    it(`export what the installed ${id} exports`, () => {
      const installed = load(id) as Record<string, unknown>;
      const lazy = evaluate(lazyIndex(id));
      // Its own mark for closures, which mean nothing to a bundle.
      const names = Object.keys(installed).filter((name) => name !== "deploymentOnlyModule");
      assert.deepEqual(Object.keys(lazy).sort(), names.sort());
      for (const name of names) {
        const expected = installed[name];
        const isSpace = typeof expected === "object" && expected !== null && "default" in expected;
        assert.equal(lazy[name], isSpace ? expected.default : expected, name);
      }
    });
  }
});
