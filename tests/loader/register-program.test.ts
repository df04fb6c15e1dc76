import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { projectRoot } from "../../lib/project.ts";

/** What the program's start loads; without an engine it then fails. */
const listing = `
process.on("exit", () => console.log(...Object.keys(require.cache)));
process.on("unhandledRejection", () => process.exit(0));
require("./index.ts");
`;

function run(script: string) {
  const args = ["--require", "./loader/register-program.js", "--eval", script];
  const options = { cwd: projectRoot, encoding: "utf8", env: { PATH: process.env["PATH"] } } as const;
  return spawnSync(process.execPath, args, options);
}

describe("the Pulumi program's start", () => {
  // The first run of all decodes the default image.
  before(() => void run(listing));

  it("loads neither the TypeScript compiler nor npm's installer nor the automation API", () => {
    const { stdout, stderr } = run(listing);
    const loaded = stdout.split(" ").map((file) => file.replace(/^.*node_modules[/]/, ""));
    assert.ok(loaded.includes("@pulumi/pulumi/resource.js"), stderr);
    const needless =
      /^(typescript|tsx|esbuild|sharp|@npmcli|@pulumi[/]pulumi[/](index|automation|dynamic|typescript-shim))/;
    assert.deepEqual(
      loaded.filter((file) => needless.test(file)),
      [],
    );
  });

  it("refuses another program, and says which one it runs", () => {
    const { status, stderr } = run('require("./stack/read-stack.ts")');
    assert.equal(status, 1);
    assert.match(stderr, /read-stack\.ts is not the Pulumi program, which is .*index\.ts/);
  });
});
