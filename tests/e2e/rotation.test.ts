import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { requestManagementToken, type ClientAuth } from "../../auth0/management-token.ts";
import { requirePulumi } from "../../local/start/run-pulumi.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { trustedFetch } from "../trusted-fetch.ts";
import { runPictures } from "./run-pictures.ts";
import { worldForSuite } from "./world.ts";

type Credential = { readonly clientId: string } & ClientAuth;

/** One life of the stack's client, in the order in which the tests stand. */
describe("the Management API client of a stack", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  let trusted: ReturnType<typeof trustedFetch>;
  let first: Credential;

  before(async () => {
    trusted = trustedFetch(world().caFile);
    await requirePulumi(world(), ["stack", "init", "local"]);
    await world().configure({ driftClient: true, connections: ["google-oauth2"] });
    // Out of use until the client changes to keys.
    const { code, err } = await runPictures(world(), "keys", "create");
    assert.equal(code, 0, err);
    const deployed = await requirePulumi(world(), ["up", "--yes", "--skip-preview"]);
    assert.doesNotMatch(deployed, /warning/);
  });
  after(() => trusted.restore());

  const outputs = async () =>
    JSON.parse(await requirePulumi(world(), ["stack", "output", "--json", "--show-secrets"])) as Record<
      string,
      string
    >;
  const secretOf = async (name: string) => {
    const values = await outputs();
    return { clientId: values[`${name}Id`] ?? "", clientSecret: values[`${name}Secret`] ?? "" };
  };
  const configured = async (key: string) => (await requirePulumi(world(), ["config", "get", key])).trim();
  const isRefused = async (credential: Credential) =>
    requestManagementToken({ domain: world().tenant.domain, ...credential }).then(
      () => false,
      (error: unknown) => {
        if ((error as { code?: unknown }).code === "client-refused") return true;
        throw error;
      },
    );

  /** Runs `pictures` while the credentials are used all the time; none may be refused once. */
  async function picturesWhileWorking(credentials: readonly Credential[], ...args: readonly string[]) {
    let ended = false;
    let refused = 0;
    const use = async () => {
      while (!ended) {
        for (const credential of credentials) if (await isRefused(credential)) refused += 1;
        // Leaves the machine to the deployment.
        await sleep(200);
      }
    };
    const using = use();
    const { code, out, err } = await runPictures(world(), ...args).finally(() => (ended = true));
    await using;
    assert.equal(code, 0, err);
    assert.equal(refused, 0);
    assert.doesNotMatch(out + err, /PRIVATE KEY/);
    return { out, err, json: JSON.parse(out) as Record<string, unknown> };
  }

  it("gets a new secret by a second client; the old one works until the end", async () => {
    first = await secretOf("managementClient");
    const begun = await picturesWhileWorking([first], "rotate", "--yes", "--json");
    assert.equal(begun.json["phase"], "begun");
    const next = await secretOf("nextManagementClient");
    assert.equal(begun.json["clientId"], next.clientId);
    const finished = await picturesWhileWorking([next], "rotate", "--finish", "--yes", "--json");
    assert.equal(finished.json["phase"], "finished");
    assert.deepEqual(await secretOf("managementClient"), next);
    assert.equal(await isRefused(first), true);
    for (const { out, err } of [begun, finished])
      assert.equal((out + err).includes(next.clientSecret), false);
  });

  it("changes to a key, and to another one: both work until the old one goes", async () => {
    const bySecret = await secretOf("managementClient");
    const { clientId } = bySecret;
    await requirePulumi(world(), ["config", "set", "clientAuthentication", "private_key_jwt"]);
    const begun = await runPictures(world(), "rotate", "--yes", "--json");
    assert.equal(begun.code, 0, begun.err);
    const old = { clientId, privateKey: await configured("clientPrivateKey") };
    const next = { clientId, privateKey: await configured("clientNextPrivateKey") };
    assert.deepEqual(await Promise.all([old, next, bySecret].map(isRefused)), [false, false, true]);
    await picturesWhileWorking([next], "rotate", "--finish", "--yes", "--json");
    assert.equal(await configured("clientPrivateKey"), next.privateKey);
    assert.deepEqual(await Promise.all([old, next].map(isRefused)), [true, false]);
  });

  it("is looked at for drift in CI by a client that can read only, which finds none", async () => {
    const drift = await secretOf("driftClient");
    const environment = {
      ...world().environment(),
      AUTH0_CLIENT_ID: drift.clientId,
      AUTH0_CLIENT_SECRET: drift.clientSecret,
    };
    const asDrift = { ...world(), environment: () => environment };
    await requirePulumi(asDrift, ["preview", "--refresh", "--expect-no-changes"]);
  });

  it("has its private keys nowhere but in the configuration, encrypted", async () => {
    const key = await configured("clientPrivateKey");
    const { folder } = world();
    const state = join(folder.pulumiState, `.pulumi/stacks/${configNamespace}/local.json`);
    for (const file of [state, folder.stackFile, folder.tenantLog]) {
      const text = readFileSync(file, "utf8");
      assert.doesNotMatch(text, /PRIVATE KEY/);
      assert.equal(text.includes(key.split("\n")[1] ?? key), false);
    }
  });
});
