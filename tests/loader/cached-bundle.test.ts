import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const what = `{ name: "greeting", entry: "src/main.ts", folders: ["src"], external: "packages" }`;

const launchers = {
  "made when it is needed": `require("./loader/cached-bundle.js").runBundle(module, ${what});`,
  "made in a thread beforehand": `require("./loader/cached-bundle.js").prepareBundle(${what})(module);`,
};

const main = `
import { greeting } from "./greeting.ts";
void import("yaml").then(({ stringify }) => process.stdout.write(stringify({ greeting, folder: __dirname, yaml: require.resolve("yaml") })));
`;

for (const [how, launcher] of Object.entries(launchers)) {
  describe(`a program that runs from its bundle, ${how}`, () => {
    const folder = temporaryFolder();
    const cache = () => join(folder(), "node_modules/.cache/auth0-user-pictures/private");
    const kept = () => join(cache(), "greeting.cjs");

    beforeEach(() => {
      cpSync(join(projectRoot, "loader"), join(folder(), "loader"), { recursive: true });
      mkdirSync(join(folder(), "node_modules"));
      for (const name of ["esbuild", "@esbuild", "yaml"]) {
        symlinkSync(join(projectRoot, "node_modules", name), join(folder(), "node_modules", name));
      }
      mkdirSync(join(folder(), "src"));
      writeFileSync(join(folder(), "package-lock.json"), "{}");
      writeFileSync(join(folder(), "launch.js"), launcher);
      writeFileSync(join(folder(), "src/main.ts"), main);
      greet("hello");
    });

    function greet(text: string): void {
      writeFileSync(
        join(folder(), "src/greeting.ts"),
        `export const greeting: string = ${JSON.stringify(text)};`,
      );
    }

    function run(cwd = folder(), variables: Readonly<Record<string, string>> = {}): string {
      const env = { ...process.env, ...variables };
      return execFileSync(process.execPath, ["launch.js"], { cwd, encoding: "utf8", env });
    }

    it("fails where a source does not build, and keeps nothing", () => {
      writeFileSync(join(folder(), "src/greeting.ts"), "export const = 1;");
      const { status, stderr } = spawnSync(process.execPath, ["launch.js"], {
        cwd: folder(),
        encoding: "utf8",
      });
      assert.notEqual(status, 0);
      assert.match(stderr, /src\/greeting\.ts:1:13:.*src\/main\.ts does not build/s);
      assert.throws(() => statSync(kept()), { code: "ENOENT" });
    });

    it("does what its sources say, in their folder, with packages loaded when they are imported", () => {
      const yaml = join(realpathSync(join(projectRoot, "node_modules/yaml")), "dist/index.js");
      const expected = `greeting: hello\nfolder: ${join(folder(), "src")}\nyaml: ${yaml}\n`;
      assert.equal(run(), expected);
      assert.equal(run(), expected, "from the cache");
    });

    it("is built once, and anew where a source or the lock file changes", () => {
      run();
      const built = statSync(kept(), { bigint: true }).mtimeNs;
      run();
      assert.equal(statSync(kept(), { bigint: true }).mtimeNs, built);
      greet("good evening");
      assert.match(run(), /^greeting: good evening\n/);
      const text = readFileSync(kept(), "utf8");
      writeFileSync(join(folder(), "package-lock.json"), "{ }");
      run();
      assert.notEqual(readFileSync(kept(), "utf8").split("\n")[0], text.split("\n")[0]);
    });

    it("finds its files in its own folder where the whole folder was copied or shares the packages", () => {
      run();
      const copy = join(folder(), "copy");
      mkdirSync(copy);
      for (const name of ["loader", "src", "launch.js", "package-lock.json"]) {
        cpSync(join(folder(), name), join(copy, name), { recursive: true });
      }
      symlinkSync(join(folder(), "node_modules"), join(copy, "node_modules"));
      assert.match(run(copy), new RegExp(`^folder: ${join(copy, "src")}$`, "m"));
      assert.match(run(), new RegExp(`^folder: ${join(folder(), "src")}$`, "m"));
    });

    it("keeps its bundle where a variable says", () => {
      const elsewhere = join(folder(), "elsewhere");
      run(folder(), { USER_PICTURES_CACHE: elsewhere });
      assert.ok(readdirSync(elsewhere).includes("greeting.cjs"));
      assert.throws(() => statSync(kept()), { code: "ENOENT" });
    });

    it("is not taken from a cache of other sources, nor from a half-written one", () => {
      run();
      const [v8 = ""] = readdirSync(cache()).filter((name) => name.endsWith(".v8"));
      for (const file of [kept(), join(cache(), v8)]) {
        const whole = readFileSync(file);
        for (const broken of [
          Buffer.alloc(0),
          whole.subarray(0, 70),
          Buffer.concat([Buffer.from("x"), whole]),
        ]) {
          writeFileSync(file, broken);
          assert.match(run(), /^greeting: hello\n/);
        }
      }
      // Code that V8 kept of former sources would still greet as they did.
      greet("heyho");
      assert.match(run(), /^greeting: heyho\n/);
    });

    it("runs where the cache cannot be written", function () {
      if (process.getuid?.() === 0) writeFileSync(join(folder(), "node_modules/.cache"), "a file in the way");
      else chmodSync(join(folder(), "node_modules"), 0o555);
      assert.match(run(), /^greeting: hello\n/);
      chmodSync(join(folder(), "node_modules"), 0o755);
    });
  });
}
