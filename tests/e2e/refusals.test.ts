import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { ensureCertificates } from "../../local/certificates/ensure-certificates.ts";
import type { LocalWorld } from "../../local/start/local-world.ts";
import { runPulumi, type PulumiResult } from "../../local/start/run-pulumi.ts";
import { createTenant } from "../../tenant/create-tenant.ts";
import { managementApi } from "../management-api.ts";
import { worldForSuite } from "./world.ts";

describe("a deployment that cannot go well", function () {
  this.timeout(600_000);
  const world = worldForSuite();

  before(async () => {
    assert.equal((await runPulumi(world(), ["stack", "init", "local"])).code, 0);
  });

  afterEach(() => world().configure({}));

  /** Runs `up` in a changed world, and asserts what all of these have in common. */
  async function refused(env: Readonly<Record<string, string>> = {}): Promise<string> {
    const changed = { ...world(), environment: () => ({ ...world().environment(), ...env }) };
    const { code, output } = await runPulumi(changed, ["up", "--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    assert.doesNotMatch(output, /\n\s+at .*\(?(\/|node:)/, "no stack trace");
    const { tenant } = world();
    assert.equal(
      tenant.requests.count({ method: "POST", pathPrefix: "/api/v2" }),
      0,
      "nothing created at Auth0",
    );
    return output;
  }

  it("names every wrong config value in one report", async () => {
    await world().configure({ gravatar: "sometimes", maxLength: "long", colour: "red", awsRegion: "" });
    const output = await refused();
    assert.match(output, /has 4 problems/);
    for (const key of ["gravatar", "maxLength", "colour", "awsRegion"])
      assert.ok(output.includes(`- ${key}`));
    assert.match(output, /\[invalid-config\]/);
  });

  it("names the tenant's variable and the stack where the credentials are another tenant's", async () => {
    const output = await refused({ AUTH0_DOMAIN: "acme.eu.auth0.com" });
    assert.match(output, /AUTH0_DOMAIN is acme\.eu\.auth0\.com, but stack local manages localhost:/);
  });

  it("does nothing in either tenant where all credentials are the production tenant's", async () => {
    const { tenant, folder } = world();
    const certificates = await ensureCertificates(folder.certificates);
    const production = await createTenant({ port: 0, certificates });
    const calls = () => [tenant, production].map(({ requests }) => requests.count({ pathPrefix: "/api/v2" }));
    const before = calls();
    try {
      const { domain: AUTH0_DOMAIN, clientId, clientSecret } = production;
      const keys = { AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret };
      assert.match(await refused({ AUTH0_DOMAIN, ...keys }), /\[auth0-wrong-tenant\]/);
      // The tenant's name alone does not open it.
      assert.match(await refused(keys), /\[auth0-credentials-refused\]/);
      const iss = Buffer.from(JSON.stringify({ iss: `https://${AUTH0_DOMAIN}/` })).toString("base64url");
      assert.match(await refused({ AUTH0_API_TOKEN: `e30.${iss}.x` }), /\[auth0-wrong-tenant\]/);
      assert.deepEqual(calls(), before, "no call of either Management API");
    } finally {
      await production.close();
    }
  });

  it("names the variables where the tenant refuses the secret, and does not show it", async () => {
    const output = await refused({ AUTH0_CLIENT_SECRET: "not-the-secret" });
    assert.match(output, /refuses AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET/);
    assert.doesNotMatch(output, /not-the-secret/);
  });

  it("says what is missing where the client of the variables may not read Actions", async () => {
    const { tenant, caFile } = world();
    const api = await managementApi({ ...tenant, caFile });
    try {
      const { client_id, client_secret } = (await api.call("POST", "/clients", {
        name: "Reads users only",
        app_type: "non_interactive",
        grant_types: ["client_credentials"],
      })) as { client_id: string; client_secret: string };
      const audience = `https://${tenant.domain}/api/v2/`;
      await api.call("POST", "/client-grants", { client_id, audience, scope: ["read:users"] });
      tenant.requests.clear();
      const output = await refused({ AUTH0_CLIENT_ID: client_id, AUTH0_CLIENT_SECRET: client_secret });
      assert.match(output, /read:actions.*\[auth0-refused\]/s);
    } finally {
      await api.close();
    }
  });

  it("names the variables where credentials are missing", async () => {
    assert.match(await refused({ AUTH0_CLIENT_SECRET: "" }), /AUTH0_CLIENT_SECRET is not set/);
  });

  it("names both accounts where the AWS credentials are another account's", async () => {
    await world().configure({ awsAccountId: "111111111111" });
    assert.match(await refused(), /belong to account 000000000000, but stack local uses 111111111111/);
  });

  it("names the variables where the AWS keys are refused", async () => {
    const output = await refused({ AWS_SECRET_ACCESS_KEY: "not-the-secret" });
    assert.match(output, /AWS_SECRET_ACCESS_KEY/);
    assert.doesNotMatch(output, /not-the-secret/);
  });

  it("names the file where the default image is missing or broken", async () => {
    await world().configure({ defaultImage: "assets/none.png" });
    assert.match(await refused(), /defaultImage \(assets\/none\.png\).*\[default-image-missing\]/s);
    await world().configure({ defaultImage: "package.json" });
    assert.match(await refused(), /defaultImage \(package\.json\).*\[default-image-broken\]/s);
  });

  it("has no stand-in for AWS outside stack local: a project as a real one is finds no provider", async () => {
    const output = await upAsRealProject(world());
    assert.notEqual(output.code, 0);
    assert.match(output.output, /resource-aws|plugin.*aws/s);
    assert.equal(world().tenant.requests.count({ method: "POST", pathPrefix: "/api/v2" }), 0);
  });
});

/** The repository's own Pulumi.yaml, with the local world's environment and values but without its project file. */
async function upAsRealProject(world: LocalWorld): Promise<PulumiResult> {
  const folder = join(world.folder.root, "real-project");
  mkdirSync(folder);
  try {
    const project = readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8");
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      project
        .replace("main: index.ts", `main: ${join(projectRoot, "index.ts")}`)
        .replace("path: ./plugins/userpictures", `path: ${join(projectRoot, "plugins/userpictures")}`),
    );
    writeFileSync(join(folder, "Pulumi.real.yaml"), readFileSync(world.folder.stackFile));
    const real = { ...world, environment: () => ({ ...world.environment(), PULUMI_STACK: "real" }) };
    const inFolder = ["--cwd", folder];
    assert.equal((await runPulumi(real, ["stack", "init", "real", ...inFolder])).code, 0);
    return await runPulumi(real, ["up", "--yes", "--skip-preview", ...inFolder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
