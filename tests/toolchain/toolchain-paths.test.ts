import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { toolchainPaths } from "../../toolchain/toolchain-paths.ts";

describe("toolchainPaths", () => {
  it("ignores a relative XDG_CACHE_HOME, as its specification demands", () => {
    const { home } = toolchainPaths({ XDG_CACHE_HOME: "cache", HOME: "/home/someone" });
    assert.match(home, /^\/home\/someone\/\.cache\/auth0-user-pictures\/toolchain-[0-9a-f]{12}$/);
  });

  it("follows XDG_CACHE_HOME", () => {
    const { home } = toolchainPaths({ XDG_CACHE_HOME: "/caches", HOME: "/home/someone" });
    assert.match(home, /^\/caches\/auth0-user-pictures\/toolchain-/);
  });

  it("falls back to the account's home folder", () => {
    assert.ok(toolchainPaths({}).home.startsWith(join(homedir(), ".cache")));
  });

  it("puts the executables into one folder, to be first in PATH", () => {
    const { home, binDir, pulumi, versitygw } = toolchainPaths({ HOME: "/home/someone" });
    assert.equal(binDir, join(home, "bin"));
    assert.deepEqual([pulumi, versitygw], [join(binDir, "pulumi"), join(binDir, "versitygw")]);
  });
});
