import assert from "node:assert/strict";
import { requirePulumi, runPulumi } from "../../local/start/run-pulumi.ts";
import type { Drift } from "../../cli/drift/drift.ts";
import { runPictures } from "./run-pictures.ts";
import { apiForSuite, worldForSuite } from "./world.ts";

/** One life of a stack, in the order in which the tests stand. The exhaustive run is `npm run drift-matrix`. */
describe("pictures drift", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  const api = apiForSuite(world);
  let action: string;

  before(async () => {
    await requirePulumi(world(), ["stack", "init", "local"]);
    await requirePulumi(world(), ["up", "--yes", "--skip-preview"]);
    const { actions } = (await api.call("GET", "/actions/actions?actionName=user-picture")) as {
      actions: { id: string }[];
    };
    action = `/actions/actions/${actions[0]?.id ?? ""}`;
  });

  async function drift(code: number): Promise<Drift> {
    const answer = await runPictures(world(), "drift", "--format", "json");
    assert.equal(answer.code, code, answer.output);
    for (const secret of [world().tenant.clientSecret, world().s3.secretAccessKey])
      assert.equal(answer.output.includes(secret), false);
    return JSON.parse(answer.out) as Drift;
  }

  const told = ({ findings }: Drift) =>
    findings.map(({ code, resource, property }) => [code, resource, property]);

  it("finds nothing in what was just deployed", async () => {
    assert.deepEqual(await drift(0), { stack: "local", findings: [], pinned: [], unknown: [] });
  });

  it("finds a version deployed by hand without touching the draft, which an ordinary refresh misses", async () => {
    const { code } = (await api.call("GET", action)) as { code: string };
    await api.call("PATCH", action, { code: "exports.onExecutePostLogin = async () => {};" });
    await api.call("GET", action);
    await api.call("POST", `${action}/deploy`);
    await api.call("PATCH", action, { code });
    // Without the guard, which stops a run of the program: the engine's own comparison.
    await world().configure({ replaceDeployed: ["user-picture"] });
    await requirePulumi(world(), ["preview", "--refresh", "--expect-no-changes"]);
    await world().configure({});
    const found = await drift(2);
    assert.deepEqual(told(found), [["action-version-differs", "Action user-picture", "deployed code"]]);
    assert.deepEqual(found.unknown, []);
    assert.equal(found.findings[0]?.mend, "pictures redeploy user-picture --stack local");
  });

  it("mends it with the command that the finding names", async () => {
    const { code, output } = await runPictures(
      world(),
      "redeploy",
      "user-picture",
      "--yes",
      "--stack",
      "local",
    );
    assert.equal(code, 0, output);
    await requirePulumi(world(), ["preview", "--refresh", "--expect-no-changes"]);
  });

  it("finds grant, client and flow changed by hand at once, and one up mends all of it", async () => {
    const clientId = (await requirePulumi(world(), ["stack", "output", "managementClientId"])).trim();
    const [grant] = (await api.call("GET", `/client-grants?client_id=${clientId}`)) as { id: string }[];
    await api.call("PATCH", `/client-grants/${grant?.id ?? ""}`, { scope: ["read:users"] });
    await api.call("PATCH", `/clients/${clientId}`, { description: "by hand" });
    const { bindings } = (await api.call("GET", "/actions/triggers/post-login/bindings?per_page=50")) as {
      bindings: { display_name: string; action: { id: string } }[];
    };
    const reversed = bindings.reverse().map(({ display_name, action: { id } }) => ({
      display_name,
      ref: { type: "action_id", value: id },
    }));
    await api.call("PATCH", "/actions/triggers/post-login/bindings", { bindings: reversed });
    const found = await drift(2);
    assert.deepEqual(told(found), [
      ["flow-order", "Login flow", "actions"],
      ["grant-scopes", "Grant of client user-pictures", "scopes"],
      ["resource-changed", "Client user-pictures", "description"],
    ]);
    for (const { mend } of found.findings) assert.equal(mend, "pulumi up --refresh --stack local");
    await requirePulumi(world(), ["up", "--yes", "--skip-preview", "--refresh"]);
    assert.deepEqual((await drift(0)).findings, []);
  });

  it("tells a changed program from a changed tenant", async () => {
    await world().configure({ maxLength: 900 });
    const { findings } = await drift(2);
    assert.deepEqual(
      findings.map(({ code }) => code),
      findings.map(() => "program-ahead"),
    );
    const { code } = await runPulumi(world(), ["preview"]);
    assert.equal(code, 0);
  });
});
