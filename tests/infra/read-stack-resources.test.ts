import assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { readStackResources } from "../../infra/read-stack-resources.ts";

/** As gRPC gives an engine's error. */
const engineError = (details: string) => Object.assign(new Error(details), { details });

/** An engine whose answers to the question are these, one after the other. */
async function engineThat(...answers: readonly (Error | Record<string, unknown>)[]): Promise<void> {
  const left = [...answers];
  const mocks: runtime.Mocks = {
    newResource: ({ name }) => ({ id: name, state: {} }),
    call: () => {
      const answer = left.shift();
      assert.ok(answer !== undefined, "asked more often than expected");
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  await runtime.setMocks(mocks, "auth0-user-pictures", "dev", false, "organization");
}

describe("what the stack's state held before a run", () => {
  const halfWritten = engineError("failed to load checkpoint: EOF");

  it("is asked for once where the engine fails for good", async () => {
    await engineThat(engineError("unknown stack"));
    await assert.rejects(readStackResources(), /unknown stack/);
  });

  it("is asked for again where the engine met its own writing", async () => {
    await engineThat(halfWritten, halfWritten, {
      outputs: { "urn:a": { outputs: { id: "1" } }, "urn:b": {} },
    });
    assert.deepEqual(
      [...(await readStackResources())],
      [
        ["urn:a", { id: "1" }],
        ["urn:b", {}],
      ],
    );
  });
});
