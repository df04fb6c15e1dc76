import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot, typescriptLoader } from "../../lib/project.ts";

describe("a machine that lacks a layer of the sandbox", () => {
  it("is told what is missing, and runs a tenant's code only with --weak-sandbox, as a Mac does", () => {
    assert.match(
      onMacOS("false"),
      /^sandbox-weak: The sandbox closes .* fewer than two ways.* the network, .* prlimit .*SECURITY\.md/,
    );
    assert.equal(onMacOS("true"), "runs");
  });
});

/** What comes of asking for a strong sandbox in a process that takes this machine for a Mac. */
function onMacOS(weakAllowed: "true" | "false"): string {
  const home = JSON.stringify(join(projectRoot, "sandbox/isolation.ts"));
  const script = `Object.defineProperty(process, "platform", { value: "darwin" });
    try { require(${home}).requireStrongSandbox(${weakAllowed}); console.log("runs"); }
    catch ({ code, message }) { console.log(code + ": " + message); }`;
  const args = ["--require", typescriptLoader, "--eval", script];
  return spawnSync(process.execPath, args, { encoding: "utf8" }).stdout.trim();
}
