import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildSync, type OutputFile } from "esbuild";
import { projectRoot } from "../../lib/project.ts";
import { weakDoors, weaknessWords, type Layers } from "../../sandbox/isolation.ts";

describe("a machine that lacks a layer of the sandbox", () => {
  const all: Layers = { permissions: true, networkPermission: true, limits: true, namespaces: true };

  it("is told which ways out fewer than two layers close, and what is missing", () => {
    const onlyNode20 = { ...all, networkPermission: false, limits: false, namespaces: false };
    const words = weaknessWords(onlyNode20) ?? "";
    assert.match(words, /files, the network, unix sockets, child processes, workers, native code\./);
    assert.match(words, /prlimit.*unshare.*Node 25/);
    assert.match(words, /SECURITY\.md/);
  });

  it("has weak ways out only where fewer than two layers are left for them", () => {
    assert.deepEqual(weakDoors(all), []);
    assert.deepEqual(weakDoors({ ...all, networkPermission: false }), []);
    assert.deepEqual(weakDoors({ ...all, namespaces: false }), []);
    assert.deepEqual(weakDoors({ ...all, limits: false }), ["child processes", "workers"]);
    const kernelLimitsOnly = { ...all, namespaces: false, networkPermission: false };
    assert.deepEqual(weakDoors(kernelLimitsOnly), ["the network", "unix sockets"]);
    assert.equal(weaknessWords(all), undefined);
  });

  it("runs a tenant's code only with --weak-sandbox, as on macOS", () => {
    assert.equal(onMacOS("requireStrongSandbox(false)"), "sandbox-weak");
    assert.equal(onMacOS("requireStrongSandbox(true)"), "runs");
  });
});

/** The code of the error, in a process that takes this machine for a Mac. */
function onMacOS(call: string): string {
  const contents = `import { requireStrongSandbox } from "./isolation.ts";
    Object.defineProperty(process, "platform", { value: "darwin" });
    try { ${call}; console.log("runs") } catch (error) { console.log(error.code) }`;
  const stdin = { contents, resolveDir: join(projectRoot, "sandbox") };
  const [{ text }] = buildSync({ stdin, bundle: true, packages: "external", platform: "node", write: false })
    .outputFiles as [OutputFile];
  return spawnSync(process.execPath, ["--eval", text], { cwd: projectRoot, encoding: "utf8" }).stdout.trim();
}
