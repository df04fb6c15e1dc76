import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toolchainArtifacts } from "../../../local/toolchain/artifacts.ts";
import { checksums, isPlatform, nodes, versions } from "../../../local/toolchain/pins.ts";

const root = join(__dirname, "../../..");
const goModule = (name: string): string =>
  readFileSync(join(root, "local/toolchain", "go", name, "go.mod"), "utf8");

describe("pins", () => {
  it("agree with the Go modules that are built in place of a download", () => {
    assert.match(goModule("pulumi"), new RegExp(`pulumi/pkg/v3 v${versions.pulumi}\\b`));
    assert.match(goModule("language-nodejs"), new RegExp(`pulumi/sdk/v3 v${versions.languageNodejs}\\b`));
    assert.match(goModule("versitygw"), new RegExp(`versity/versitygw v${versions.versitygw}\\b`));
  });

  it("agree with the npm packages of the program", () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    assert.equal(dependencies["@pulumi/pulumi"], versions.pulumi);
    assert.equal(dependencies["@pulumi/auth0"], versions.auth0Provider);
  });

  it("are of npm packages too: exact versions, each with a checksum, without a registry's address", () => {
    const read = (name: string) =>
      JSON.parse(readFileSync(join(root, name), "utf8")) as Record<string, unknown>;
    const { dependencies, devDependencies } = read("package.json");
    const wanted = Object.values({ ...(dependencies as object), ...(devDependencies as object) });
    for (const version of wanted) assert.match(String(version), /^\d+\.\d+\.\d+$/);
    const { "": _root, ...packages } = read("package-lock.json")["packages"] as Record<string, object>;
    for (const [name, entry] of Object.entries(packages)) {
      const { integrity, resolved } = entry as { integrity?: string; resolved?: string };
      assert.match(integrity ?? "", /^sha512-/, name);
      assert.equal(resolved, undefined, name);
    }
  });

  it("name a Go that satisfies every module", () => {
    for (const name of readdirSync(join(root, "local/toolchain", "go"))) {
      const needed = /^go (\S+)$/m.exec(goModule(name))![1]!;
      assert.ok(needed.localeCompare(versions.go, "en", { numeric: true }) <= 0, `${name} needs ${needed}`);
    }
  });

  const platforms = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"] as const;

  it("name the archives of Linux and macOS, on x64 and arm64, each with its checksum", () => {
    const names = platforms.map((platform) =>
      toolchainArtifacts(platform, "pulumi").flatMap(({ download }) => download?.url.split("/").at(-1) ?? []),
    );
    const { pulumi, versitygw } = versions;
    assert.deepEqual(names, [
      [`versitygw_v${versitygw}_Linux_x86_64.tar.gz`, `pulumi-v${pulumi}-linux-x64.tar.gz`],
      [`versitygw_v${versitygw}_Linux_arm64.tar.gz`, `pulumi-v${pulumi}-linux-arm64.tar.gz`],
      [`versitygw_v${versitygw}_Darwin_x86_64.tar.gz`, `pulumi-v${pulumi}-darwin-x64.tar.gz`],
      [`versitygw_v${versitygw}_Darwin_arm64.tar.gz`, `pulumi-v${pulumi}-darwin-arm64.tar.gz`],
    ]);
    for (const platform of platforms) assert.ok(isPlatform(platform));
    for (const platform of ["win32-x64", "linux-arm", "freebsd-x64"]) assert.ok(!isPlatform(platform));
  });

  it("name releases of Node, with npm's checksum for all platforms but macOS with Node 24", () => {
    for (const [major, { version, integrity }] of Object.entries(nodes)) {
      assert.match(version, new RegExp(`^${major}\\.\\d+\\.\\d+$`));
      for (const sum of Object.values(integrity)) assert.match(sum, /^sha512-[\w+/]{86}==$/);
      const known = major === "24" ? platforms.filter((platform) => platform.startsWith("linux")) : platforms;
      assert.deepEqual(Object.keys(integrity), known);
    }
  });

  it("hold SHA-256 sums only", () => {
    for (const sum of Object.values(checksums).flatMap((sums) => Object.values(sums))) {
      assert.match(sum, /^[0-9a-f]{64}$/);
    }
  });

  it("hold the sums of these versions' archives: an old sum would be found by a download only, which falls back to Go", () => {
    // The version, and how its sum for linux-x64 begins. A new version's sums come with it: docs/toolchain.md says from where.
    const taken = { pulumi: "3.259.0 94ba357a", versitygw: "1.8.0 2ba2c734" };
    const pinned = (name: keyof typeof taken) =>
      `${versions[name]} ${checksums[name]["linux-x64"]?.slice(0, 8) ?? "none"}`;
    assert.deepEqual({ pulumi: pinned("pulumi"), versitygw: pinned("versitygw") }, taken);
  });

  it("are those of the archives that a mirror needs, as docs/toolchain.md lists them", () => {
    const page = readFileSync(join(root, "docs/toolchain.md"), "utf8");
    for (const { download } of toolchainArtifacts("linux-x64", "pulumi")) {
      if (download !== undefined) assert.ok(page.includes(`\`${download.url}\``), download.url);
    }
    const version = versions.auth0Provider;
    assert.ok(page.includes(`/v${version}/pulumi-resource-auth0-v${version}-linux-amd64.tar.gz`));
  });

  it("decide what is downloaded: nothing whose checksum is unknown", () => {
    for (const platform of platforms) {
      const sums = Object.fromEntries(
        toolchainArtifacts(platform, "pulumi").map(({ id, download }) => [id, download?.sha256]),
      );
      assert.deepEqual(sums, {
        pulumi: checksums.pulumi[platform],
        "auth0-provider": checksums.auth0Provider[platform],
        versitygw: checksums.versitygw[platform],
      });
    }
  });
});
