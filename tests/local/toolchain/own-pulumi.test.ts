import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { findOwnPulumi, launcherMark } from "../../../local/toolchain/own-pulumi.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { writeExecutable } from "./fake-artifact.ts";

describe("the user's own Pulumi", () => {
  const folder = temporaryFolder();
  let lines: string[];

  beforeEach(() => {
    lines = [];
  });

  const at = (...names: string[]): string => join(folder(), ...names);

  /** What answers `pulumi version`, with its language host beside it. */
  async function pulumi(
    path: string,
    answer: string,
    text = `#!/bin/sh\necho "${answer}"\n`,
  ): Promise<string> {
    await writeExecutable(path, text);
    await writeExecutable(join(dirname(path), "pulumi-language-nodejs"), "");
    return path;
  }

  const find = (...path: string[]) =>
    findOwnPulumi({
      env: { HOME: at("home"), PATH: [...path, "/usr/bin", "/bin"].join(delimiter) },
      pinned: "3.259.0",
      ours: at("cache"),
      progress: (line) => lines.push(line),
    });

  it("is none where there is none", async () => {
    assert.equal(await find(at("nowhere")), undefined);
    assert.deepEqual(lines, []);
  });

  const unusable: Record<string, [answer: string, why: RegExp]> = {
    "is older": [
      "v3.258.1",
      /it is 3\.258\.1, and 3\.259\.0 or a newer one of the same major version is needed/,
    ],
    "is of another major version": ["v4.0.0", /it is 4\.0\.0, and 3\.259\.0 or/],
    "is a development version": ["v3.260.0-dev.0", /does not answer with the version of a release/],
    "answers something else": ["hello", /does not answer with the version of a release/],
  };
  for (const [what, [answer, why]] of Object.entries(unusable)) {
    it(`is not used where it ${what}, and that is said`, async () => {
      const path = await pulumi(at("bin", "pulumi"), answer);
      assert.equal(await find(at("bin")), undefined);
      assert.equal(lines.length, 1);
      assert.ok(lines[0]?.startsWith(`Your own Pulumi ${path} is not used: `));
      assert.match(lines.join(), why);
    });
  }

  it("is not used where it cannot run Node programs", async () => {
    await writeExecutable(at("bin", "pulumi"), "#!/bin/sh\necho v3.259.0\n");
    assert.equal(await find(at("bin")), undefined);
    assert.match(lines.join(), /there is no pulumi-language-nodejs beside/);
  });

  it("is not ours: neither of our cache, nor the launcher of a local world, nor npm's package", async () => {
    const own = await pulumi(at("cache", "toolchain-1", "bin", "pulumi"), "v3.259.0");
    mkdirSync(at("link"));
    symlinkSync(own, at("link", "pulumi"));
    await pulumi(at("world", "bin", "pulumi"), "", `#!/bin/sh\n${launcherMark}\necho v3.259.0\n`);
    await pulumi(at("node_modules", "pulumi", "bin", "pulumi"), "v3.259.0");
    const folders = [at("link"), at("world", "bin"), at("node_modules", "pulumi", "bin")];
    assert.equal(await find(...folders), undefined);
    assert.deepEqual(lines, []);
  });

  for (const version of ["3.259.0", "3.260.0", "3.1000.0"]) {
    it(`is used where it is ${version}`, async () => {
      const path = await pulumi(at("bin", "pulumi"), `v${version}`);
      assert.deepEqual(await find(at("bin")), { path, version });
      assert.deepEqual(lines, []);
    });
  }

  it("is looked for further on where the first one cannot be used, at last where Pulumi's installer puts it", async () => {
    await pulumi(at("old", "pulumi"), "v3.1.0");
    const path = await pulumi(at("home", ".pulumi", "bin", "pulumi"), "v3.260.0");
    assert.deepEqual(await find(at("old")), { path, version: "3.260.0" });
  });

  it("is asked with a Pulumi home that is not the user's", async () => {
    await pulumi(
      at("bin", "pulumi"),
      "",
      `#!/bin/sh\necho $PULUMI_HOME > ${at("asked")}\necho v3.259.0\ntouch $PULUMI_HOME/log\n`,
    );
    assert.ok(await find(at("bin")));
    const home = readFileSync(at("asked"), "utf8").trim();
    assert.notEqual(home, "");
    assert.equal(existsSync(home), false);
    assert.equal(existsSync(at("home")), false);
  });
});
