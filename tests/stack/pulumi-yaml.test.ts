import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../lib/project.ts";
import { configKeys, type ConfigKey } from "../../stack/config-keys.ts";
import { exampleStacks, identityIn, isExample } from "../../stack/example-stacks.ts";
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
    // `pulumi new` adds `pulumi:tags`.
    const own = Object.entries(project.config).filter(([key]) => !key.includes(":"));
    assert.deepEqual(Object.fromEntries(own), Object.fromEntries(keys));
  });
});

describe("the stack files", () => {
  const file = (stack: string) => join(projectRoot, `Pulumi.${stack}.yaml`);

  it("are valid configurations", async () => {
    for (const stack of environments) await readStack(stack, readStackFile(file(stack)));
  });

  it("say what the examples say, under any name of the project, where nobody put their own values there", () => {
    for (const stack of environments) {
      const all = readStackFile(file(stack));
      if (!isExample(identityIn(all))) continue;
      const example = Object.entries(exampleStacks[stack] ?? {});
      assert.deepEqual(all, Object.fromEntries(example.map(inNamespace)));
      assert.doesNotMatch(readFileSync(file(stack), "utf8"), /^ +[\w-]+:\w+:/m, "a key with a namespace");
    }
  });
});

describe("the examples of stacks", () => {
  const read = (stack: string) =>
    readStack(stack, Object.fromEntries(Object.entries(exampleStacks[stack] ?? {}).map(inNamespace)));

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

  it("are told from a stack that has one value of its own", () => {
    const { auth0Domain, awsAccountId, imageBucket } = exampleStacks["dev"] as Record<string, string>;
    const example = { auth0Domain: auth0Domain!, awsAccountId: awsAccountId!, imageBucket: imageBucket! };
    assert.equal(isExample(example), true);
    assert.equal(isExample({}), false);
    for (const key of ["auth0Domain", "awsAccountId", "imageBucket"] as const) {
      assert.equal(isExample({ ...example, [key]: "own" }), false, key);
    }
  });
});

describe("the template in Pulumi.yaml", () => {
  const { template } = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as {
    readonly template?: {
      readonly config: Record<string, { readonly description: string; readonly default?: string }>;
      readonly quickstart: string;
    };
  };

  // `pulumi new` takes the section out of the project that it makes.
  (template === undefined ? it.skip : it)(
    "asks for the keys that must be set, explains each, suggests no value, and says what to do next",
    () => {
      const keys = Object.entries<ConfigKey<unknown>>(configKeys);
      const needed = keys.filter(([, key]) => !("fallback" in key)).map(([name]) => name);
      assert.deepEqual(Object.keys(template?.config ?? {}), needed);
      for (const { description, ...others } of Object.values(template?.config ?? {})) {
        assert.ok(description.length > 20 && description.length < 90, description);
        assert.deepEqual(others, {});
      }
      assert.match(template?.quickstart ?? "", /^ +npx pictures setup$/m);
    },
  );
});

function inNamespace([key, text]: [string, string]): [string, string] {
  return [`${configNamespace}:${key}`, text];
}
