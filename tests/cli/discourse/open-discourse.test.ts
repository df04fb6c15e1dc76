import assert from "node:assert/strict";
import { findDiscourseSettings } from "../../../cli/discourse/open-discourse.ts";
import type { RunPulumi } from "../../../cli/pulumi/run-pulumi.ts";

const config = {
  "discourse:url": { value: "https://forum.acme.com", secret: false },
  "discourse:apiKey": { value: "config-key-5e1f", secret: true },
  "discourse:connectSecret": { value: "config secret", secret: true },
};

function pulumi(stdout: string, code = 0, stderr = ""): RunPulumi {
  return (args) => {
    assert.deepEqual(args, ["config", "--json", "--show-secrets", "--stack", "dev"]);
    return Promise.resolve({ code, stdout, stderr });
  };
}

describe("the place of Discourse's settings", () => {
  it("is named with a remedy where Pulumi gives no configuration", async () => {
    await assert.rejects(findDiscourseSettings("dev", {}, pulumi("", 255, "error: no stack named dev")), {
      code: "stack-config-unavailable",
      message:
        /stack dev: no stack named dev\..*DISCOURSE_URL, DISCOURSE_API_KEY, and DISCOURSE_CONNECT_SECRET/,
    });
  });

  it("is not quoted where Pulumi prints no JSON", async () => {
    const error: unknown = await findDiscourseSettings("dev", {}, pulumi("{config-key-5e1f")).catch(
      (reason: unknown) => reason,
    );
    assert.equal((error as { code?: unknown }).code, "stack-config-unavailable");
    assert.doesNotMatch(`${String(error)} ${String((error as Error).cause)}`, /5e1f/);
  });

  it("is the environment alone where that has what is needed: nobody needs Pulumi then", async () => {
    const env = {
      DISCOURSE_URL: "https://other.acme.com",
      DISCOURSE_API_KEY: "key",
      DISCOURSE_CONNECT_SECRET: "secret",
    };
    const never: RunPulumi = () => Promise.reject(new Error("pulumi must not run here"));
    assert.equal((await findDiscourseSettings("dev", env, never)).url, "https://other.acme.com");
  });

  it("is the stack's configuration for what the environment lacks", async () => {
    const env = { DISCOURSE_API_KEY: "variable-key" };
    const settings = await findDiscourseSettings("dev", env, pulumi(JSON.stringify(config)));
    assert.deepEqual(
      [settings.url, settings.apiKey, settings.connectSecret],
      ["https://forum.acme.com", "variable-key", "config secret"],
    );
  });
});
