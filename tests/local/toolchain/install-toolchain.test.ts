import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ToolchainError, type Artifact, type Download } from "../../../local/toolchain/artifact.ts";
import { installToolchain, type InstallOptions } from "../../../local/toolchain/install-toolchain.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { fakeArtifact, writeExecutable } from "./fake-artifact.ts";

const cannotBuild = (): Promise<void> =>
  Promise.reject(new ToolchainError("GO_MISSING", "Go is not installed"));
const cannotDownload = (): Promise<void> =>
  Promise.reject(new ToolchainError("DOWNLOAD_FAILED", "downloads.example could not be reached"));

function downloadOf(file: string): Download {
  return { url: "https://downloads.example/x.tar.gz", sha256: "0".repeat(64), entries: { [file]: "x" } };
}

describe("installToolchain", () => {
  const home = temporaryFolder();
  let lines: string[];

  beforeEach(() => {
    lines = [];
  });

  function install(artifacts: readonly Artifact[], overrides: Partial<InstallOptions> = {}) {
    return installToolchain({
      home: home(),
      artifacts,
      env: {},
      progress: (line) => lines.push(line),
      download: cannotDownload,
      ...overrides,
    });
  }

  const contentOf = (id: string): string => readFileSync(join(home(), "bin", id), "utf8");

  it("fails with one message that names every missing artifact, the reasons and both remedies", async () => {
    const pinned = fakeArtifact("alpha", { download: downloadOf("bin/alpha"), build: cannotBuild });
    const unpinned = fakeArtifact("beta", { build: cannotBuild });
    await assert.rejects(install([pinned, unpinned]), (error: unknown) => {
      assert.ok(error instanceof ToolchainError);
      assert.equal(error.code, "TOOLCHAIN_INCOMPLETE");
      assert.match(error.message, /the tool alpha\n.*downloads\.example could not be reached\n.*Go is not/);
      assert.match(
        error.message,
        /the tool beta\n.*no checksum for .* local\/toolchain\/pins\.ts\n.*Go is not/,
      );
      assert.match(error.message, /install Go \d+\.\d+\.\d+ or newer/);
      assert.match(error.message, /let this machine reach downloads\.example/);
      return true;
    });
  });

  it("installs what it can when something else cannot be had", async () => {
    await assert.rejects(install([fakeArtifact("alpha", { build: cannotBuild }), fakeArtifact("beta")]));
    assert.equal(contentOf("beta"), "built beta");
    assert.equal(existsSync(join(home(), "bin", "alpha")), false);
  });

  it("does not take a build for done that leaves a file out", async () => {
    const artifact = fakeArtifact("alpha", { build: () => Promise.resolve() });
    await assert.rejects(install([artifact]), /it came without bin\/alpha/);
  });

  it("passes an unexpected error on and leaves neither lock nor preparation behind", async () => {
    const artifact = fakeArtifact("alpha", { build: () => Promise.reject(new TypeError("a bug")) });
    await assert.rejects(install([artifact]), TypeError);
    assert.deepEqual(readdirSync(home()), []);
  });

  it("builds after a refused download, and says why it was refused", async () => {
    const artifact = fakeArtifact("alpha", { download: downloadOf("bin/alpha") });
    const [installed] = await install([artifact], {
      download: () => Promise.reject(new ToolchainError("CHECKSUM_MISMATCH", "not the file that is pinned")),
    });
    assert.equal(installed!.origin, "built");
    assert.equal(contentOf("alpha"), "built alpha");
    assert.ok(lines.includes("the tool alpha: not downloaded: not the file that is pinned"));
  });

  it("prefers the download where one is pinned", async () => {
    const artifact = fakeArtifact("alpha", { download: downloadOf("bin/alpha"), build: cannotBuild });
    const [installed] = await install([artifact], {
      download: (_, folder) => writeExecutable(join(folder, "bin", "alpha"), "downloaded alpha"),
    });
    assert.equal(installed!.origin, "downloaded");
    assert.equal(contentOf("alpha"), "downloaded alpha");
  });

  describe("when everything is installed", () => {
    const artifacts = [fakeArtifact("alpha"), fakeArtifact("beta")];
    const broken = artifacts.map((artifact) => ({ ...artifact, build: cannotBuild }));

    beforeEach(async () => {
      await install(artifacts);
      lines = [];
    });

    it("touches nothing and says nothing", async () => {
      const before = snapshot(home());
      const installed = await install(broken);
      assert.deepEqual(
        installed.map(({ origin, isNew }) => ({ origin, isNew })),
        [
          { origin: "built", isNew: false },
          { origin: "built", isNew: false },
        ],
      );
      assert.deepEqual(snapshot(home()), before);
      assert.deepEqual(lines, []);
    });

    const damages: Record<string, (file: string) => void> = {
      "cut off": (file) => truncateSync(file, 3),
      "overwritten with as many other bytes": (file) => writeFileSync(file, "BUILT BETA"),
      "not executable": (file) => chmodSync(file, 0o644),
    };
    for (const [damage, apply] of Object.entries(damages)) {
      it(`repairs a file that is ${damage}, and only that`, async () => {
        apply(join(home(), "bin", "beta"));
        // The file system's clock may not have moved since the installation.
        utimesSync(join(home(), "bin", "beta"), 1_000_000, 1_000_000);
        const installed = await install([broken[0]!, artifacts[1]!]);
        assert.deepEqual(
          installed.map(({ isNew }) => isNew),
          [false, true],
        );
        assert.equal(contentOf("beta"), "built beta");
        assert.equal(statSync(join(home(), "bin", "beta")).mode & 0o111, 0o111);
      });
    }

    it("installs again when the record of what was complete is unreadable", async () => {
      writeFileSync(join(home(), "stamps", "alpha.json"), '{"origin":"built","files":{"bin/al');
      const [installed] = await install(artifacts);
      assert.equal(installed!.isNew, true);
    });

    it("accepts the same content under another time, as in a copied cache", async () => {
      utimesSync(join(home(), "bin", "alpha"), 1_000_000, 1_000_000);
      const [installed] = await install(broken);
      assert.equal(installed!.isNew, false);
    });
  });

  it("removes what a killed installation left an hour ago, and nothing younger", async () => {
    const [old, young] = ["preparing-old", "preparing-young"].map((name) => join(home(), name));
    for (const folder of [old!, young!]) mkdirSync(folder);
    const twoHoursAgo = Date.now() / 1000 - 7200;
    utimesSync(old!, twoHoursAgo, twoHoursAgo);
    await install([fakeArtifact("alpha")]);
    assert.deepEqual([existsSync(old!), existsSync(young!)], [false, true]);
  });
});

/** Every file below a folder with its content's place and time. */
function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    entries.map((name) => {
      const { ino, mtimeMs, size } = statSync(join(folder, name));
      return [name, `${ino} ${mtimeMs} ${size}`];
    }),
  );
}
