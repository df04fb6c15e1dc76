import assert from "node:assert/strict";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { login } from "../../local/login/login.ts";
import type { LocalWorld } from "../../local/start/local-world.ts";
import { toolchainPaths } from "../../local/toolchain/ensure-toolchain.ts";
import { versions } from "../../local/toolchain/pins.ts";
import { getFromS3 } from "./get-from-s3.ts";
import { seededApp } from "./seeded-app.ts";
import { openShell, type TypedLine, type TypedShell } from "./typed-shell.ts";
import { apiForSuite, worldForSuite } from "./world.ts";

/** What a user has of the project before `pulumi new`: what git would have brought. */
const notCloned = new Set([".git", "node_modules", ".local"]);

/** The first deployment of a new user. Each test types what an earlier one printed, in the order in which the tests stand. */
describe("a project made by pulumi new", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  const api = apiForSuite(world);
  let folder = "";
  let shell: TypedShell;
  let printed: TypedLine = { code: 0, output: "" };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "user-pictures-new-"));
    cpSync(projectRoot, join(folder, "template"), {
      recursive: true,
      filter: (path) => !notCloned.has(basename(path)),
    });
    shell = openShell({ runId: world().runId, cwd: folder, env: userEnvironment(folder, world()) });
  });
  after(() => {
    shell.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const type = async (line: string): Promise<TypedLine> => (printed = await shell.type(line));

  /** Types the line that matches in what was printed last. @returns What matched first in it. */
  const typePrinted = (pattern: RegExp, complete: (line: string) => string = (line) => line) => {
    const [, line] = pattern.exec(printed.output) ?? [];
    assert.ok(line !== undefined, `${String(pattern)} is not printed in:\n${printed.output}`);
    return type(complete(line));
  };

  it("has the name that the user gives it, and a stack of its own", async () => {
    // The template's whole path: Pulumi goes into --dir before it looks. After it the answers to Pulumi's questions; what the local S3 server and a machine without Gravatar need is among them.
    const { endpoint } = world().s3;
    const { code, output } = await type(
      `pulumi new '${folder}/template' --yes --dir acme-faces --name acme-faces --stack dev` +
        ` -c imageBaseUrl=${endpoint}/acme-faces-dev -c gravatar=never -c auth0Domain=${world().tenant.domain}`,
    );
    assert.equal(code, 0, output);
    assert.match(output, /Your new project is ready to go/);
    const stackFile = readFileSync(join(folder, "acme-faces/Pulumi.dev.yaml"), "utf8");
    assert.match(stackFile, /acme-faces:auth0Domain: localhost:\d+/);
  });

  it("says to set it up before anything else, and setup names what is missing", async () => {
    const { output } = printed;
    await typePrinted(/run '(cd [^']+)'/);
    printed = { code: 0, output };
    const { code } = await typePrinted(/^ +(npx pictures .*)$/m);
    assert.equal(code, 3, printed.output);
    assert.match(printed.output, /lacks awsAccountId, imageBucket\./);
  });

  it("takes the values as setup says to pass them, and says what the application for deployments needs", async () => {
    const values: Readonly<Record<string, string>> = {
      account: "000000000000",
      bucket: "acme-faces-dev",
    };
    const withValues = (flags: string) =>
      `npx pictures setup ${flags.replaceAll(/--(\w+) \S+/g, (_, flag: string) => `--${flag} ${values[flag] ?? ""}`)}`;
    const { code, output } = await typePrinted(/Pass (--.*?) with your values/, withValues);
    assert.equal(code, 2, output);
    assert.match(output, /create:actions .*create:clients/);
  });

  it("is ready once that application has exactly the scopes that setup printed", async () => {
    const { output } = printed;
    const [, scopes = ""] = /^((?:\w+:\w+ ?){5,})$/m.exec(output) ?? [];
    const application = await applicationWith(scopes.split(" "));
    await typePrinted(/^ +(export AUTH0_DOMAIN=.*)$/m, (line) =>
      line
        .replace("AUTH0_CLIENT_ID=...", `AUTH0_CLIENT_ID='${application.client_id}'`)
        .replace("AUTH0_CLIENT_SECRET=...", `AUTH0_CLIENT_SECRET='${application.client_secret}'`),
    );
    printed = { code: 2, output };
    const { code } = await typePrinted(/Then run this again:\n +(npx pictures .*)$/m);
    assert.equal(code, 0, printed.output);
    assert.match(printed.output, /Everything is ready/);
    for (const secret of [application.client_secret, world().s3.secretAccessKey])
      assert.equal(printed.output.includes(secret), false);
  });

  it("is deployed by the command that setup prints last; a login then shows the picture", async () => {
    const { code, output } = await typePrinted(
      /^ +(pulumi up .*)$/m,
      (line) => `${line} --yes --color never`,
    );
    assert.equal(code, 0, output);
    const [, defaultUrl = ""] = /defaultUrl *: "([^"]+)"/.exec(output) ?? [];
    assert.match(defaultUrl, /\/acme-faces-dev\/default-/);

    const { tenant, caFile } = world();
    const user = { user_id: "auth0|paul", name: "Paul", picture: "https://cdn.auth0.com/avatars/pa.png" };
    tenant.users.create(user);
    const application = { ...seededApp(tenant), domain: tenant.domain, caFile };
    const { idTokenClaims } = await login({ ...application, userId: user.user_id });
    assert.equal(idTokenClaims["picture"], defaultUrl);
    assert.equal((await getFromS3(defaultUrl, caFile)).status, 200);
  });

  it("is the project of that name in the user's backend, and deployed: nothing is left to change", async () => {
    readFileSync(join(folder, "state/.pulumi/stacks/acme-faces/dev.json"));
    const { code, output } = await type("pulumi preview --refresh --expect-no-changes --color never");
    assert.equal(code, 0, output);
  });

  /** As an administrator creates it in the dashboard. */
  async function applicationWith(scope: readonly string[]) {
    const created = await api.call("POST", "/clients", {
      name: "Deployments",
      app_type: "non_interactive",
      grant_types: ["client_credentials"],
    });
    const client = created as { readonly client_id: string; readonly client_secret: string };
    const audience = `https://${world().tenant.domain}/api/v2/`;
    await api.call("POST", "/client-grants", { client_id: client.client_id, audience, scope });
    return client;
  }
});

/**
 * A user's machine with Pulumi, both providers, AWS credentials and an empty backend. Two things are not as with a user: `npm install`
 * links what is installed here, since a test does not reach the registry, and the AWS provider is the stand-in.
 */
function userEnvironment(folder: string, { s3, caFile }: LocalWorld): NodeJS.ProcessEnv {
  const { binDir, home } = toolchainPaths();
  const at = (...names: readonly string[]) => join(folder, ...names);
  for (const name of ["bin", "home", "state", "tmp"]) mkdirSync(at(name));
  writeProgram(at("bin/npm"), `ln -s '${join(projectRoot, "node_modules")}' node_modules`);
  // Pulumi passes over a plugin's folder that is a link, but not over a file in it.
  const auth0 = `resource-auth0-v${versions.auth0Provider}`;
  mkdirSync(at("pulumi-home/plugins", auth0), { recursive: true });
  const program = "pulumi-resource-auth0";
  symlinkSync(join(home, "plugins", auth0, program), at("pulumi-home/plugins", auth0, program));
  const aws = `resource-aws-v${awsVersion()}`;
  mkdirSync(at("pulumi-home/plugins", aws));
  const standIn = join(projectRoot, "plugins/aws/pulumi-resource-aws");
  writeProgram(at("pulumi-home/plugins", aws, "pulumi-resource-aws"), `exec '${standIn}' "$@"`);
  return {
    HOME: at("home"),
    TMPDIR: at("tmp"),
    PATH: [at("bin"), binDir, process.env["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: at("pulumi-home"),
    PULUMI_BACKEND_URL: `file://${at("state")}`,
    PULUMI_CONFIG_PASSPHRASE: "x",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ACCESS_KEY_ID: s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    SSL_CERT_FILE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
    AWS_CA_BUNDLE: caFile,
  };
}

function writeProgram(file: string, line: string): void {
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}

function awsVersion(): string {
  const text = readFileSync(join(projectRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly dependencies: Readonly<Record<string, string>> }).dependencies[
    "@pulumi/aws"
  ]!;
}
