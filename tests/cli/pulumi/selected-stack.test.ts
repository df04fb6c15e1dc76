import assert from "node:assert/strict";
import type { RunPulumi } from "../../../cli/pulumi/run-pulumi.ts";
import { selectedStack } from "../../../cli/pulumi/selected-stack.ts";
import { ExpectedError } from "../../../infra/expected-error.ts";

describe("the stack that a command works on", () => {
  const pulumi =
    (stdout: string, code = 0): RunPulumi =>
    () =>
      Promise.resolve({ code, stdout, stderr: "" });
  const noPulumi: RunPulumi = () => Promise.reject(new ExpectedError("pulumi-missing", "…"));

  it("must be named where Pulumi has none selected, or is not installed", async () => {
    const expected = { name: "UsageError", code: "stack-not-named", message: /--stack dev/ };
    await assert.rejects(selectedStack(undefined, {}, pulumi("", 255)), expected);
    await assert.rejects(selectedStack(undefined, { PULUMI_STACK: " " }, noPulumi), expected);
  });

  it("is the one of --stack, else of PULUMI_STACK, else the selected one", async () => {
    const env = { PULUMI_STACK: "staging" };
    assert.equal(await selectedStack("prod", env, pulumi("dev\n")), "prod");
    assert.equal(await selectedStack(undefined, env, pulumi("dev\n")), "staging");
    assert.equal(await selectedStack(undefined, {}, pulumi("dev\n")), "dev");
  });
});
