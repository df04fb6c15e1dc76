import assert from "node:assert/strict";
import { readFlow } from "../../../auth0/actions-api.ts";
import { requestAccess } from "../../../auth0/management-token.ts";
import { actionDrift } from "../../../cli/drift/action-drift.ts";
import { expectedAction } from "../../../cli/drift/expected-action.ts";
import { redeployAction } from "../../../cli/drift/redeploy-action.ts";
import { setupTenant } from "../../tenant/setup-tenant.ts";
import { trustForEachTest } from "../../trusted-fetch.ts";

describe("drift of one Action", () => {
  const setup = setupTenant({ dependencyBuildMs: 0 });
  trustForEachTest(() => setup().certificates.caFile);
  let id: string;
  const expected = expectedAction({
    name: "Action 1",
    code: "exports.onExecutePostLogin = async (event, api) => {};",
    runtime: "node22",
    dependencies: [],
  });

  /** Deploys a version right before a redeployment does. */
  let deployedByOther: (() => Promise<unknown>) | undefined;

  beforeEach(async () => {
    const { app } = setup().tenant;
    app.addHook("onRequest", async ({ method, url }: { method: string; url: string }) => {
      if (method !== "POST" || !url.endsWith("/deploy")) return;
      const deployFirst = deployedByOther;
      deployedByOther = undefined;
      await deployFirst?.();
    });
    [id = ""] = await setup().bind("");
  });

  async function access() {
    const token = await setup().tokenWith("read:actions", "create:actions", "update:actions");
    return requestAccess({ domain: setup().tenant.domain, clientAuth: { token } });
  }

  async function drift(lastDeployed?: string, program = expected) {
    const { actions } = await readFlow(await access(), [program.name]);
    return actionDrift({ stack: "dev", expected: program, found: actions[0], lastDeployed });
  }

  const patch = (change: object) => setup().api("PATCH", `/actions/actions/${id}`, change);
  async function deploy() {
    await setup().api("GET", `/actions/actions/${id}`);
    assert.equal((await setup().api("POST", `/actions/actions/${id}/deploy`)).status, 200);
  }
  async function deployByHand(change: object) {
    await patch(change);
    await deploy();
    await patch({ code: expected.code, runtime: "node22", dependencies: [], secrets: [] });
    await setup().api("GET", `/actions/actions/${id}`);
  }
  const codes = async () => (await drift()).map(({ code, property }) => `${code}: ${property}`);
  const redeploy = async () => redeployAction("dev", expected, await access());

  it("names an Action that is gone", async () => {
    await setup().api("PATCH", "/actions/triggers/post-login/bindings", { bindings: [] });
    await setup().api("DELETE", `/actions/actions/${id}`);
    const [finding] = await drift();
    assert.equal(finding?.code, "action-missing");
    await assert.rejects(redeploy(), { code: "action-missing", message: /pulumi up --refresh --stack dev/ });
  });

  it("names a version deployed by hand while the draft agrees, and redeploy mends it", async () => {
    await deployByHand({ code: "exports.onExecutePostLogin = async () => { /* by hand */ };" });
    const [finding, ...others] = await drift();
    assert.deepEqual(others, []);
    assert.equal(finding?.code, "action-version-differs");
    assert.match(finding.found, /^code [0-9a-f]{12}, version 2$/);
    assert.equal(finding.mend, "pictures redeploy Action 1 --stack dev");
    assert.match(finding.diff ?? "", /^\+exports.*by hand/m);
    assert.deepEqual(await redeploy(), { action: "Action 1", version: 3, changed: true });
    assert.deepEqual(await drift(), []);
  });

  it("redeploys nothing for good where another deployment came first", async () => {
    const [first, second] = ["1", "2"].map(
      (hand) => `exports.onExecutePostLogin = async () => { /* ${hand} */ };`,
    );
    await deployByHand({ code: first });
    deployedByOther = () => deployByHand({ code: second });
    await assert.rejects(redeploy(), { code: "redeploy-lost", message: /^Version 3 of Action Action 1 / });
    const { body } = await setup().api("GET", `/actions/actions/${id}`);
    const { deployed_version: deployed } = body as unknown as {
      deployed_version: { code: string; number: number };
    };
    assert.deepEqual([deployed.code, deployed.number], [second, 5]);
  });

  it("names runtime, dependencies and secrets of the deployed version", async () => {
    await deployByHand({
      runtime: "node18-actions",
      dependencies: [{ name: "lodash", version: "4.17.21" }],
      secrets: [{ name: "KEY", value: "never shown" }],
    });
    const findings = await drift();
    assert.deepEqual(
      findings.map(({ code }) => code),
      ["action-runtime", "action-dependencies", "action-secrets"],
    );
    assert.match(findings[2]?.found ?? "", /^KEY \(set 20/);
    assert.equal(JSON.stringify(findings).includes("never shown"), false);
    await redeploy();
    assert.deepEqual(await drift(), []);
  });

  it("names what somebody added to the draft that the program does not set, and redeploy takes it away", async () => {
    await patch({
      dependencies: [{ name: "lodash", version: "4.17.21" }],
      secrets: [{ name: "KEY", value: "x" }],
    });
    assert.deepEqual(await codes(), [
      "action-draft-differs: draft's dependencies",
      "action-draft-differs: draft's secrets",
    ]);
    await redeploy();
    assert.deepEqual(await codes(), []);
  });

  it("names an edited draft, which redeploy refuses to deploy", async () => {
    await patch({ code: "exports.onExecutePostLogin = async () => {};" });
    const [finding] = await drift();
    assert.equal(finding?.code, "action-draft-differs");
    assert.equal(finding.mend, "pulumi up --refresh --stack dev");
    await assert.rejects(redeploy(), { code: "action-draft-differs" });
  });

  it("says how to get past the guard where draft and version are by hand", async () => {
    await patch({ code: "exports.onExecutePostLogin = async () => {};" });
    await deploy();
    const [finding] = await drift();
    assert.equal(finding?.code, "action-version-differs");
    assert.match(
      finding.mend,
      /^pulumi config set replaceDeployed '\["Action 1"\]' --stack dev, then pulumi up/,
    );
  });

  it("names a draft that was saved and not deployed, although nothing in it differs", async () => {
    // Saving what is there already changes nothing at all: it takes a change and its reversal.
    await patch({ code: "exports.onExecutePostLogin = async () => {};" });
    await patch({ code: expected.code });
    assert.deepEqual(await codes(), ["action-draft-undeployed: draft"]);
    await redeploy();
    assert.deepEqual(await codes(), []);
  });

  it("leaves it to the engine to say that the program was changed and not deployed", async () => {
    assert.deepEqual(await drift(expected.code, { ...expected, code: "exports.changed = true;" }), []);
  });

  it("finds nothing where nothing was changed, and redeploy does nothing", async () => {
    assert.deepEqual(await drift(), []);
    assert.deepEqual(await redeploy(), { action: "Action 1", version: 1, changed: false });
  });
});
