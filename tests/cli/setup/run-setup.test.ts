import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { runSetup, type SetupRequest } from "../../../cli/setup/run-setup.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { projectRoot } from "../../../lib/project.ts";
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
    copyFileSync(join(projectRoot, "Pulumi.dev.yaml"), file());
  };
  const values = () => {
    const { [`${configNamespace}:auth0Domain`]: domain, ...rest } = readStackFile(file());
    const key = (name: string) => rest[`${configNamespace}:${name}`];
    return { domain, account: key("awsAccountId"), region: key("awsRegion"), bucket: key("imageBucket") };
  };

  /** @param typed What a person types; undefined where there is no terminal. */
  function setup(flags: SetupRequest["flags"], typed?: readonly string[], stack = "dev") {
    const input = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
    output = Object.assign(new PassThrough(), { isTTY: true });
    input.end((typed ?? []).map((line) => `${line}\n`).join(""));
    return runSetup({
      stack,
      flags,
      env: { PICTURES_STACK_FOLDER: folder() },
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
