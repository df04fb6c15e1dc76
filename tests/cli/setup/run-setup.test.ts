import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { runSetup, type SetupRequest } from "../../../cli/setup/run-setup.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { exampleStacks } from "../../../stack/example-stacks.ts";
import { readStackFile } from "../../../stack/stack-file.ts";
import { configNamespace } from "../../../stack/read-config.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { printing } from "../doctor/surroundings.ts";

const all = {
  domain: "other-dev.eu.auth0.com",
  account: "111122223333",
  region: "eu-west-1",
  bucket: "other-dev-pictures",
};

describe("pictures setup", () => {
  const folder = temporaryFolder();
  let output: PassThrough;

  const file = () => join(folder(), "Pulumi.dev.yaml");
  const copyExample = () => {
    // Not the project's file, which has the values of whoever uses this.
    const config = Object.entries(exampleStacks["dev"]!).map(([key, value]) => `  ${key}: "${value}"\n`);
    writeFileSync(file(), `# An example of stack dev, for trying things.\nconfig:\n${config.join("")}`);
  };
  const values = () => {
    const { [`${configNamespace}:auth0Domain`]: domain, ...rest } = readStackFile(file());
    const key = (name: string) => rest[`${configNamespace}:${name}`];
    return { domain, account: key("awsAccountId"), region: key("awsRegion"), bucket: key("imageBucket") };
  };

  /** @param typed What a person types; undefined where there is no terminal. */
  function setup(
    flags: SetupRequest["flags"],
    typed?: readonly string[],
    stack = "dev",
    env: SetupRequest["env"] = {},
  ) {
    const input = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
    output = Object.assign(new PassThrough(), { isTTY: true });
    input.end((typed ?? []).map((line) => `${line}\n`).join(""));
    return runSetup({
      stack,
      flags,
      env: { ...env, PICTURES_STACK_FOLDER: folder() },
      pulumi: printing("[]"),
      nodeVersion: process.versions.node,
      terminal: { input, output },
      say: () => undefined,
      colours: false,
    });
  }
  const asked = () => {
    let text = "";
    // From Node 26 on it gives one write at a time, before that all of them.
    const read = () => output.read() as Buffer | null;
    for (let part = read(); part !== null; part = read()) text += part.toString();
    return text;
  };

  const refusal = async (run: Promise<unknown>): Promise<ExpectedError> => {
    const error: unknown = await run.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ExpectedError);
    return error;
  };

  it("names every option that is missing where nobody can be asked, and writes nothing", async () => {
    const { code, message } = await refusal(setup({ region: "eu-west-1" }));
    assert.equal(code, "setup-value-missing");
    for (const flag of ["--domain", "--account", "--bucket"]) assert.match(message, new RegExp(flag));
    assert.doesNotMatch(message, /--region/);
    assert.equal(existsSync(file()), false);
  });

  it("names every option whose value is wrong, and writes nothing", async () => {
    copyExample();
    const before = readFileSync(file(), "utf8");
    const wrong = { domain: "acme", account: "12", region: "Ireland", bucket: "a.b" };
    const { code, message } = await refusal(setup(wrong));
    assert.equal(code, "setup-value-invalid");
    for (const flag of Object.keys(wrong)) assert.match(message, new RegExp(`--${flag} `));
    assert.equal(readFileSync(file(), "utf8"), before);
  });

  for (const name of ["", "a b", "dev:x"]) {
    it(`refuses ${JSON.stringify(name)} as a stack's name`, async () => {
      const { code } = await refusal(setup(all, undefined, name));
      assert.equal(code, "stack-name-invalid");
    });
  }

  it("writes nothing where the answers end too early", async () => {
    copyExample();
    const before = readFileSync(file(), "utf8");
    const { code } = await refusal(setup({}, [all.domain, all.account]));
    assert.equal(code, "setup-value-missing");
    assert.equal(readFileSync(file(), "utf8"), before);
  });

  it("asks again for what cannot be used, and says why", async () => {
    const { exitCode } = await setup({}, ["acme", "", all.domain, "1", all.account, all.region, all.bucket]);
    assert.deepEqual(values(), all);
    assert.match(asked(), /acme is not a whole domain[\s\S]*A value is needed/);
    // Without a tenant's credentials something is left to do.
    assert.equal(exitCode, 2);
  });

  // Each could be a bucket's name, or is typed where one is asked for.
  const secrets = {
    "32 hexadecimal digits": "9f86d081884c7d659a2feaa0c55ad015",
    "a client's secret": "kX3vQ9-Zt7Lw_0aBfR5yNc8eHj2MuPd6GsTiVoKqWlYx1CzJ4hSbEgFrUmDnAp_k",
    "the passphrase": "correct-horse-battery",
  };
  const env = { PULUMI_CONFIG_PASSPHRASE: secrets["the passphrase"] };

  for (const [what, secret] of Object.entries(secrets)) {
    it(`neither writes nor repeats ${what} in the place of a bucket's name`, async () => {
      const { code, message } = await refusal(setup({ ...all, bucket: secret }, undefined, "dev", env));
      assert.equal(code, "setup-value-invalid");
      assert.match(message, /--bucket .*looks like a secret/);
      assert.equal(message.includes(secret), false);
      assert.equal(existsSync(file()), false);

      const { bucket, ...others } = all;
      const { text } = await setup(others, [secret, bucket], "dev", env);
      assert.deepEqual(values(), all);
      assert.equal((asked() + text).includes(secret), false);
    });
  }

  it("asks for another name where the file has a secret for the bucket's, and does not repeat it", async () => {
    const secret = secrets["32 hexadecimal digits"];
    await setup(all);
    writeFileSync(file(), readFileSync(file(), "utf8").replace(all.bucket, secret));
    const { message } = await refusal(setup({}));
    assert.match(message, /imageBucket .*looks like a secret/);
    assert.equal(message.includes(secret), false);
    await setup({}, [all.bucket]);
    assert.deepEqual(values(), all);
  });

  it("asks whether a region that AWS is not known to have is meant, and takes it where it is typed again", async () => {
    const { region: _region, ...others } = all;
    await setup(others, ["eu-centrall-1", "eu-central-1"]);
    assert.match(asked(), /eu-centrall-1 is not a region .*Did you mean eu-central-1\?/);
    assert.equal(values().region, "eu-central-1");

    await setup({ region: "eu-west-1" });
    writeFileSync(file(), readFileSync(file(), "utf8").replace(/^.*awsRegion.*\n/m, ""));
    const { json } = await setup({}, ["mars-north-1", "ma-north-1", "ma-north-1"]);
    assert.equal(values().region, "ma-north-1");
    assert.equal((json as { warnings: string[] }).warnings.length, 1);
  });

  it("takes such a region from an option, and warns of it from then on", async () => {
    await setup({ ...all, region: "eu-centrall-1" });
    assert.equal(values().region, "eu-centrall-1");
    const { text } = await setup({});
    assert.match(String(text), /eu-centrall-1 is not a region .*Did you mean eu-central-1\?.*--region/);
    const { json } = await setup(all);
    assert.deepEqual((json as { warnings: string[] }).warnings, []);
  });

  it("keeps nothing of an example, and everything that somebody wrote", async () => {
    copyExample();
    const comment = "  # Ours, for the summer.\n  gravatar: never\n";
    writeFileSync(file(), readFileSync(file(), "utf8") + comment);
    await setup(all);
    assert.deepEqual(values(), all);
    const text = readFileSync(file(), "utf8");
    assert.ok(text.includes(comment));
    assert.doesNotMatch(text, /acme-dev|123456789012/);
  });

  it("writes nothing when it is run again, and changes what an option names", async () => {
    await setup(all);
    const before = readFileSync(file(), "utf8");
    await setup({});
    assert.equal(readFileSync(file(), "utf8"), before);
    await setup({ region: "eu-north-1" });
    assert.deepEqual(values(), { ...all, region: "eu-north-1" });
  });

  it("says the scopes, and each step that is left, by what to type", async () => {
    const { json } = await setup(all);
    const { scopes, ready, next } = json as { scopes: string[]; ready: boolean; next: string[] };
    assert.ok(scopes.includes("create:actions"));
    assert.equal(ready, false);
    assert.ok(next.some((step) => step.startsWith(`export AUTH0_DOMAIN=${all.domain}`)));
    assert.equal(next.at(-1), "npx pictures setup --stack dev");
  });
});
