import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { encryptedKeys, readStackFile, readStackNamed, stackFile } from "../../stack/stack-file.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("a stack's file", () => {
  const folder = temporaryFolder();

  function read(text: string): Record<string, string> {
    const file = join(folder(), "Pulumi.dev.yaml");
    writeFileSync(file, text);
    return readStackFile(file);
  }

  it("that is no YAML, or whose config is no map, is refused by name", () => {
    assert.throws(() => read("config: ["), { code: "stack-file-broken", message: /Pulumi\.dev\.yaml/ });
    assert.throws(() => read("config: [a]"), { code: "stack-file-broken" });
  });

  it("that sets a key with and without its namespace is refused by the key's name", () => {
    const text = `config:\n  gravatar: never\n  ${configNamespace}:gravatar: keep\n`;
    assert.throws(() => read(text), {
      code: "stack-file-broken",
      message: new RegExp(`${configNamespace}:gravatar twice`),
    });
  });

  it("may be empty", () => {
    assert.deepEqual(read(""), {});
  });

  it("gives lists and numbers as JSON, and leaves encrypted values out", () => {
    const text = "config:\n  p:a: [x]\n  p:b: 7\n  p:c: { secure: v1:abc }\n";
    assert.deepEqual(read(text), { "p:a": '["x"]', "p:b": "7" });
  });

  it("says which keys are encrypted, with their namespace", () => {
    read("config:\n  gravatar: never\n  uploadKey: { secure: v1:abc }\n  p:c: { secure: v1:abc }\n");
    assert.deepEqual(
      [...encryptedKeys(join(folder(), "Pulumi.dev.yaml"))],
      [`${configNamespace}:uploadKey`, "p:c"],
    );
  });

  it("may leave the project's namespace out, as Pulumi takes it", () => {
    assert.deepEqual(read("config:\n  gravatar: never\n"), { [`${configNamespace}:gravatar`]: "never" });
  });
});

describe("a stack's file", () => {
  it("lies in the project", () => {
    assert.equal(stackFile("dev", {}), join(projectRoot, "Pulumi.dev.yaml"));
  });

  it("has the stack's own name, without the organization and project before it", () => {
    assert.equal(stackFile("acme/auth0-user-pictures/dev", {}), join(projectRoot, "Pulumi.dev.yaml"));
  });

  it("lies in PICTURES_STACK_FOLDER where that is set", () => {
    assert.equal(stackFile("local", { PICTURES_STACK_FOLDER: "/world" }), "/world/Pulumi.local.yaml");
  });
});

describe("a stack that is named", () => {
  const folder = temporaryFolder();
  const env = () => ({ PICTURES_STACK_FOLDER: folder() });

  function write(lines: readonly string[]): void {
    writeFileSync(
      join(folder(), "Pulumi.prod.yaml"),
      ["config:", ...lines.map((line) => `  ${line}`), ""].join("\n"),
    );
  }

  const valid = [
    "auth0Domain: acme.eu.auth0.com",
    'awsAccountId: "123456789012"',
    "awsRegion: eu-central-1",
    "imageBucket: acme-pictures",
    "allowedHosts: [img.acme.com]",
  ];

  it("is refused where it has no file, or a wrong one", async () => {
    await assert.rejects(readStackNamed("prod", env()), { code: "stack-file-missing" });
    write(["auth0Domain: Acme"]);
    await assert.rejects(readStackNamed("prod", env()), { code: "invalid-config" });
  });

  it("follows the rules for its own name, with organization and project before it, too", async () => {
    write(valid);
    const { config } = await readStackNamed("acme/auth0-user-pictures/prod", env());
    assert.equal(config.auth0Domain, "acme.eu.auth0.com");
    write(valid.slice(0, -1));
    for (const name of ["prod", "acme/auth0-user-pictures/prod"]) {
      await assert.rejects(readStackNamed(name, env()), { code: "invalid-config", message: /allowedHosts/ });
    }
  });
});
