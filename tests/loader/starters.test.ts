import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../lib/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const { scripts } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** The ways to start something that load no code from a shared folder. Mocha's is in .mocharc.json. */
const safe = [
  /^node local\/toolchain\/bootstrap\.js$/,
  /^node cli\/pictures\.js( |$)/,
  /^node --require \.\/loader\/typescript\.js [\w/-]+\.ts$/,
  /^node --require \.\/loader\/no-shared-caches\.js node_modules\/[\w/-]+(\.c?js)? /,
  /^(\w+=\w+ )?mocha /,
];

describe("what package.json starts", () => {
  for (const [name, script] of Object.entries(scripts)) {
    it(`npm run ${name} goes through our loader`, () => {
      for (const command of script.split(" && ")) {
        assert.ok(
          safe.some((way) => way.test(command)),
          `${command}: start TypeScript by --require ./loader/typescript.js, a tool by --require ./loader/no-shared-caches.js`,
        );
      }
    });
  }

  it("goes through our loader in mocha too", () => {
    const config = JSON.parse(readFileSync(join(projectRoot, ".mocharc.json"), "utf8")) as object;
    assert.deepEqual(Object.entries(config)[0], ["require", ["./loader/typescript.js"]]);
  });
});

describe("the sources", () => {
  it("start no TypeScript by another loader than ours", () => {
    const others = /\btsx\/|["'`]tsx["'`]|ts-node|jiti\/register|--experimental-(?:strip|transform)-types/;
    const ours = sourcesIn("").filter((file) => !/^package(-lock)?\.json$|starters\.test\.ts$/.test(file));
    assert.deepEqual(
      ours.filter((file) => others.test(readFileSync(join(projectRoot, file), "utf8"))),
      [],
    );
  });

  it("make no file or folder of a fixed name in the temporary folder", () => {
    const fixed = /(?<!mkdtempSync\()(?<!mkdtemp\()join\(\s*tmpdir\(\)|["'`]\/tmp\/|\$\{tmpdir\(\)\}/;
    const code = sourcesIn("").filter((file) => /\.[cm]?[jt]s$/.test(file) && !file.startsWith("tests/"));
    assert.deepEqual(
      code.filter((file) => fixed.test(readFileSync(join(projectRoot, file), "utf8"))),
      [],
    );
  });
});

describe("a start", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  /** The folders that Node and packages keep code in; whoever makes them first decides what is in there. */
  const shared = [`tsx-${process.geteuid?.() ?? 0}`, "jiti", "node-jiti", "node-compile-cache"];

  const starts: Readonly<Record<string, () => string>> = {
    "npm run bundle": () => `${scripts["bundle"] ?? ""} --stack dev --out ${join(folder(), "out")}`,
    "npm run pictures": () => `${scripts["pictures"] ?? ""} --help`,
    "npm run tenant": () => `${scripts["tenant"] ?? ""} --help`,
    "npm run unit": () => `mocha ${emptySuite()}`,
    "npm run types": () => `${scripts["types"] ?? ""} --showConfig`,
    "npm run lint": () => (scripts["lint"] ?? "").replace(/\.$/, "--print-config index.ts"),
    "npm run format": () => (scripts["format"] ?? "").replace(/--write \.$/, "--check package.json"),
    "the Pulumi program": () =>
      `node ${programOptions()} --eval 'process.on("unhandledRejection", () => process.exit(0)); require("./index.ts")'`,
    "the provider plugin": () =>
      `node -e 'require("./plugins/userpictures/pulumi-resource-userpictures"); setTimeout(process.exit, 500)'`,
  };
  for (const [what, command] of Object.entries(starts)) {
    it(`of ${what} keeps no code in a shared folder`, () => {
      const temporary = join(folder(), "tmp");
      for (const name of shared) mkdirSync(join(temporary, name), { recursive: true, mode: 0o777 });
      const { error, stderr } = spawnSync("sh", ["-c", command()], {
        cwd: projectRoot,
        encoding: "utf8",
        timeout: 60_000,
        env: { HOME: folder(), PATH: path(), TMPDIR: temporary },
      });
      assert.equal(error, undefined, stderr);
      assert.deepEqual(readdirSync(temporary, { recursive: true }).sort(), [...shared].sort());
    });
  }

  /** What Pulumi's runner is started with. */
  function programOptions(): string {
    const { runtime } = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as {
      readonly runtime: { readonly options: { readonly nodeargs: string } };
    };
    return runtime.options.nodeargs;
  }

  function emptySuite(): string {
    const file = join(folder(), "empty.test.ts");
    writeFileSync(file, 'const name: string = "nothing";\nit(name, () => undefined);\n');
    return file;
  }

  function path(): string {
    const { PATH = "" } = process.env;
    return [dirname(process.execPath), join(projectRoot, "node_modules/.bin"), PATH].join(delimiter);
  }
});

/** Whatever may start something: code and its settings, below the project's folder. */
function sourcesIn(place: string): string[] {
  return readdirSync(join(projectRoot, place), { withFileTypes: true })
    .flatMap((entry) => {
      const path = place === "" ? entry.name : `${place}/${entry.name}`;
      if (entry.isDirectory())
        return /^(node_modules|\.git|\.local|pins|docs)$/.test(path) ? [] : sourcesIn(path);
      return entry.isFile() && /(\.([cm]?[jt]s|json|ya?ml|md)|\/pulumi-resource-\w+)$/.test(path)
        ? [path]
        : [];
    })
    .sort();
}
