import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunPulumi } from "../../../cli/pulumi/run-pulumi.ts";
import { findCredentials, openStack, openTenant } from "../../../cli/pulumi/stack-tenant.ts";
import { exampleStacks } from "../../../stack/example-stacks.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const domain = "acme.eu.auth0.com";
const dev = { stack: "dev", domain };

/** A pulumi that answers by the first word after `stack` or `config`. */
function pulumi(answers: { output?: unknown; get?: string }): RunPulumi {
  return ([, verb]) => {
    const found = verb === "output" ? answers.output : answers.get;
    if (found === undefined)
      return Promise.resolve({ code: 255, stdout: "", stderr: "error: no such stack" });
    const stdout = typeof found === "string" ? found : JSON.stringify(found);
    return Promise.resolve({ code: 0, stdout, stderr: "" });
  };
}

const noPulumi: RunPulumi = () => Promise.reject(new Error("pulumi must not run here"));

function token(issuer: string, expires: number): string {
  return `x.${Buffer.from(JSON.stringify({ iss: issuer, exp: expires })).toString("base64url")}.x`;
}

describe("the credentials of a command", () => {
  const folder = temporaryFolder();
  const auth0 = { AUTH0_DOMAIN: domain, AUTH0_CLIENT_ID: "deployer", AUTH0_CLIENT_SECRET: "s1" };
  const pictures = { PICTURES_DOMAIN: domain, PICTURES_CLIENT_ID: "moderator", PICTURES_CLIENT_SECRET: "s2" };

  it("are refused where they are another tenant's, and the stack's own are not taken instead", async () => {
    for (const env of [
      { ...auth0, AUTH0_DOMAIN: "acme-prod.eu.auth0.com" },
      { ...pictures, PICTURES_DOMAIN: "acme-prod.eu.auth0.com" },
    ]) {
      const message = /_DOMAIN is acme-prod\.eu\.auth0\.com, but stack dev manages acme\.eu\.auth0\.com/;
      await assert.rejects(findCredentials(dev, env, noPulumi), { code: "auth0-wrong-tenant", message });
    }
  });

  it("are refused where a token is another tenant's or has ended", async () => {
    const later = Date.now() / 1000 + 60;
    const wrong = { AUTH0_API_TOKEN: token("https://acme-prod.eu.auth0.com/", later) };
    await assert.rejects(findCredentials(dev, wrong, noPulumi), { code: "auth0-wrong-tenant" });
    const ended = { AUTH0_API_TOKEN: token(`https://${domain}/`, 1) };
    await assert.rejects(findCredentials(dev, ended, noPulumi), { code: "auth0-credentials-refused" });
  });

  it("name what is missing where a set is there in part", async () => {
    const incomplete: [Record<string, string>, RegExp][] = [
      [{ AUTH0_CLIENT_ID: "x" }, /AUTH0_CLIENT_ID is set, but AUTH0_CLIENT_SECRET is not/],
      [{ AUTH0_CLIENT_SECRET: "s1" }, /AUTH0_CLIENT_SECRET is set, but AUTH0_CLIENT_ID is not/],
      [{ PICTURES_CLIENT_ID: "x" }, /PICTURES_CLIENT_SECRET \(or PICTURES_PRIVATE_KEY_FILE\) is not/],
    ];
    for (const [env, message] of incomplete) {
      await assert.rejects(findCredentials(dev, env, noPulumi), { code: "credentials-incomplete", message });
    }
  });

  it("name the file where the private key cannot be read", async () => {
    const env = { PICTURES_CLIENT_ID: "x", PICTURES_PRIVATE_KEY_FILE: join(folder(), "none.pem") };
    await assert.rejects(findCredentials(dev, env), { code: "private-key-unreadable", message: /none\.pem/ });
  });

  it("name the remedies where the stack's outputs cannot be had, or hold no client", async () => {
    await assert.rejects(findCredentials(dev, {}, pulumi({})), {
      code: "stack-outputs-unavailable",
      message: /stack dev: no such stack\. .*AUTH0_\* or PICTURES_\*/,
    });
    await assert.rejects(findCredentials(dev, {}, pulumi({ output: {} })), {
      code: "stack-client-missing",
      message: /pulumi up/,
    });
  });

  it("do not show what pulumi printed where that is no JSON: it may hold the secret", async () => {
    await assert.rejects(findCredentials(dev, {}, pulumi({ output: "hush" })), (error: Error) => {
      assert.doesNotMatch(error.message, /hush/);
      return true;
    });
  });

  it("are those of AUTH0_*, then of PICTURES_*, and the variables may leave the domain to the stack", async () => {
    const both = { ...auth0, ...pictures };
    assert.deepEqual(await findCredentials(dev, both, noPulumi), {
      domain,
      source: "AUTH0_*",
      clientAuth: { clientId: "deployer", clientSecret: "s1" },
    });
    const { PICTURES_DOMAIN: _domain, ...rest } = pictures;
    assert.deepEqual(await findCredentials(dev, { ...rest, AUTH0_DOMAIN: "other" }, noPulumi), {
      domain,
      source: "PICTURES_*",
      clientAuth: { clientId: "moderator", clientSecret: "s2" },
    });
  });

  it("may be a private key in a file", async () => {
    const file = join(folder(), "key.pem");
    writeFileSync(file, "PEM");
    const env = { PICTURES_CLIENT_ID: "moderator", PICTURES_PRIVATE_KEY_FILE: file };
    const { clientAuth } = await findCredentials(dev, env, noPulumi);
    assert.deepEqual(clientAuth, { clientId: "moderator", privateKey: "PEM" });
  });

  it("are else the stack's own client, with its secret or with the private key of its configuration", async () => {
    const withSecret = pulumi({ output: { managementClientId: "made", managementClientSecret: "s3" } });
    assert.deepEqual(await findCredentials(dev, {}, withSecret), {
      domain,
      source: "stack outputs",
      clientAuth: { clientId: "made", clientSecret: "s3" },
    });
    const withKey = pulumi({ output: { managementClientId: "made" }, get: "PEM" });
    assert.deepEqual((await findCredentials(dev, {}, withKey)).clientAuth, {
      clientId: "made",
      privateKey: "PEM",
    });
  });
});

describe("opening a stack", () => {
  const folder = temporaryFolder();
  const ended = { AUTH0_API_TOKEN: token(`https://${domain}/`, 1) };
  // Read when the file is loaded, which may be long before.
  const lasting = { AUTH0_API_TOKEN: token(`https://${domain}/`, Date.now() / 1000 + 7200) };
  const inFolder = (env: Record<string, string>) => ({ ...env, PICTURES_STACK_FOLDER: folder() });

  function write(...lines: string[]): void {
    writeFileSync(
      join(folder(), "Pulumi.dev.yaml"),
      ["config:", ...lines.map((line) => `  ${line}`), ""].join("\n"),
    );
  }

  it("stops at the first thing that is wrong: the file, the configuration, the credentials", async () => {
    await assert.rejects(openStack("dev", inFolder(ended)), { code: "stack-file-missing" });
    write(`auth0Domain: ${domain}`, "gravatar: sometimes");
    await assert.rejects(openStack("dev", inFolder(ended)), { code: "invalid-config", message: /gravatar/ });
    const rest = ['awsAccountId: "123456789012"', "awsRegion: eu-central-1", "imageBucket: acme-pictures"];
    write(`auth0Domain: ${domain}`, ...rest);
    await assert.rejects(openStack("dev", inFolder(ended)), { code: "auth0-credentials-refused" });
    const { stack, config, settings, access } = await openStack("dev", inFolder(lasting));
    assert.equal(stack, "dev");
    assert.equal(config.imageBucket, "acme-pictures");
    assert.match(settings.defaultUrl, /^https:/);
    assert.equal(access.domain, domain);
  });

  it("stops at an example, which is nobody's, whoever's the credentials are", async () => {
    const own = { auth0Domain: domain, awsAccountId: "1", imageBucket: "x" };
    const example = Object.entries({ ...own, ...exampleStacks["dev"] }).map(([k, v]) => `${k}: "${v}"`);
    write(...example);
    for (const open of [openStack, openTenant]) {
      await assert.rejects(open("dev", inFolder(lasting)), {
        code: "stack-is-example",
        message: /npx pictures setup --stack dev$/,
      });
    }
  });

  it("gives its tenant whatever else is wrong in its file, so that a rollback works", async () => {
    write(`auth0Domain: ${domain}`, "gravatar: sometimes", "no such key: 1");
    assert.equal((await openTenant("acme/pictures/dev", inFolder(lasting))).domain, domain);
    write(`auth0Domain: https://${domain.toUpperCase()}/`);
    assert.equal((await openTenant("dev", inFolder(lasting))).domain, domain);
    write(`auth0Domain: ${domain}/login`);
    await assert.rejects(openTenant("dev", inFolder(lasting)), {
      code: "auth0-domain-invalid",
      message: /auth0Domain .*has a path/,
    });
    write("gravatar: never");
    await assert.rejects(openTenant("dev", inFolder(lasting)), {
      code: "tenant-not-named",
      message: /Pulumi\.dev\.yaml/,
    });
    write('auth0Domain: ""');
    await assert.rejects(openTenant("dev", inFolder(lasting)), { code: "tenant-not-named" });
  });
});
