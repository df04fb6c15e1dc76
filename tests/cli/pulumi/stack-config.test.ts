import assert from "node:assert/strict";
import type { PulumiAnswer, RunPulumi } from "../../../cli/pulumi/run-pulumi.ts";
import { stackConfig } from "../../../cli/pulumi/stack-config.ts";
import { configNamespace } from "../../../stack/read-config.ts";

/** A `pulumi` that always gives the same answer, and what it was called with. */
function recordedPulumi(answer: Partial<PulumiAnswer>) {
  const calls: { args: readonly string[]; input: string | undefined }[] = [];
  const pulumi: RunPulumi = (args, { input } = {}) => {
    calls.push({ args, input });
    return Promise.resolve({ code: 0, stdout: "", stderr: "", ...answer });
  };
  return { config: stackConfig("dev", pulumi), calls };
}

describe("a stack's configuration through pulumi", () => {
  it("says why pulumi does not give it", async () => {
    const { config } = recordedPulumi({ code: 255, stderr: "error: incorrect passphrase\n" });
    await assert.rejects(config.read(), {
      code: "stack-config-unavailable",
      message: /configuration of stack dev: incorrect passphrase\. Log in/,
    });
  });

  it("shows nothing of what it cannot read", async () => {
    const { config } = recordedPulumi({ stdout: `{"${configNamespace}:clientPrivateKey": hush` });
    await assert.rejects(config.read(), (error: Error) => {
      assert.doesNotMatch(error.message, /hush/);
      return true;
    });
  });

  it("has our keys without their namespace, lists as JSON, and none that is empty", async () => {
    const stdout = JSON.stringify({
      [`${configNamespace}:clientGenerations`]: { value: "[1,2]", objectValue: [1, 2], secret: false },
      [`${configNamespace}:clientPrivateKey`]: { value: "pem", secret: true },
      [`${configNamespace}:imageBaseUrl`]: { value: "", secret: false },
      "aws:region": { value: "eu-central-1", secret: false },
    });
    assert.deepEqual(
      [...(await recordedPulumi({ stdout }).config.read())],
      [
        ["clientGenerations", { text: "[1,2]", isSecret: false }],
        ["clientPrivateKey", { text: "pem", isSecret: true }],
      ],
    );
  });

  it("never has a secret on a command line", async () => {
    const { config, calls } = recordedPulumi({});
    await config.setSecret("clientPrivateKey", "hush");
    assert.deepEqual(calls, [
      { args: ["config", "set", "clientPrivateKey", "--secret", "--stack", "dev"], input: "hush" },
    ]);
  });
});
