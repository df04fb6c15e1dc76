import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { configKeys, type ConfigKey } from "../../infra/config-keys.ts";
import { projectRoot } from "../../infra/project-root.ts";
import { configNamespace } from "../../infra/read-config.ts";
import { readStack } from "../../infra/read-stack.ts";
import { readStackFile } from "../../infra/read-stack-file.ts";

interface ProjectFile {
  readonly name: string;
  readonly config: Record<string, { readonly description: string; readonly default: unknown }>;
}

describe("Pulumi.yaml", () => {
  const project = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as ProjectFile;

  it("has the name that the configuration's keys are read under", () => {
    assert.equal(project.name, configNamespace);
  });

  it("describes every key, with the default that the program has", () => {
    const keys = Object.entries<ConfigKey<unknown>>(configKeys).map(([key, { description, fallback }]) => [
      key,
      { description, default: fallback ?? "" },
    ]);
    assert.deepEqual(project.config, Object.fromEntries(keys));
  });
});

describe("Pulumi.dev.yaml", () => {
  it("is a valid configuration", async () => {
    await readStack("dev", readStackFile(join(projectRoot, "Pulumi.dev.yaml")));
  });
});
