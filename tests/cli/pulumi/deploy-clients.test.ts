import assert from "node:assert/strict";
import { deployClients } from "../../../cli/pulumi/deploy-clients.ts";
import type { RunPulumi } from "../../../cli/pulumi/run-pulumi.ts";

describe("a deployment of the clients", () => {
  it("that fails ends with what pulumi said last", async () => {
    const stdout = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join("\n");
    const pulumi: RunPulumi = () => Promise.resolve({ code: 255, stdout, stderr: "error: locked" });
    await assert.rejects(deployClients("dev", pulumi), (error: Error & { code?: string }) => {
      assert.equal(error.code, "deployment-failed");
      assert.match(error.message, /run the same command again.*line 40\nerror: locked/s);
      assert.doesNotMatch(error.message, /line 20\n/);
      return true;
    });
  });

  it("leaves everything else as it is", async () => {
    const calls: (readonly string[])[] = [];
    const pulumi: RunPulumi = (args) => {
      calls.push(args);
      return Promise.resolve({ code: 0, stdout: "", stderr: "" });
    };
    await deployClients("dev", pulumi);
    assert.deepEqual(calls[0]?.slice(-2), ["--target", "**ManagementClient**"]);
  });
});
