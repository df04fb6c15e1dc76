import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../lib/project.ts";
import { configKeys, type ConfigKey } from "../../stack/config-keys.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { readStack } from "../../stack/read-stack.ts";
import { readStackFile } from "../../stack/stack-file.ts";
import { environments } from "../record-stack.ts";

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

describe("the stack files", () => {
  const read = (stack: string) => readStack(stack, readStackFile(join(projectRoot, `Pulumi.${stack}.yaml`)));

  it("are valid configurations", async () => {
    for (const stack of environments) await read(stack);
  });

  it("name a tenant, an AWS account and a bucket each, none of them twice", async () => {
    const stacks = await Promise.all(environments.map(read));
    for (const key of ["auth0Domain", "awsAccountId", "imageBucket"] as const) {
      const values = stacks.map(({ config }) => config[key]);
      assert.equal(new Set(values).size, environments.length, `${key}: ${values.join(", ")}`);
    }
  });

  it("let staging decide about pictures as production does", async () => {
    const decisions = async (stack: string) => {
      const { defaultUrl, allowedPrefixes, ...others } = (await read(stack)).settings;
      return others;
    };
    assert.deepEqual(await decisions("staging"), await decisions("prod"));
  });
});
