import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requirePulumi, runPulumi } from "../../local/start/run-pulumi.ts";
import { configNamespace } from "../../stack/read-config.ts";
import { apiForSuite, worldForSuite } from "./world.ts";

/** Ten, of which none has to do with pictures. */
const options = {
  client_id: "id-of-the-application",
  client_secret: "secret-of-the-application",
  allowed_audiences: ["audience-of-the-application"],
  api_enable_users: false,
  upstream_params: { prompt: { value: "select-an-account" } },
  email: true,
  profile: true,
  gist: false,
  scope: ["read:user", "user:email"],
  non_persistent_attrs: ["ethnicity-attribute"],
};
/** What a state file might hold of them and of nothing else. */
const told = [
  /id-of-the-application/,
  /secret-of-the-application/,
  /audience-of/,
  /select-an-account/,
  /ethnicity/,
];

describe("a connection whose logins are to leave pictures alone", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  const api = apiForSuite(world);
  let id: string;

  before(async () => {
    const body = { name: "social", strategy: "oauth2", options };
    ({ id } = (await api.call("POST", "/connections", body)) as { id: string });
    await requirePulumi(world(), ["stack", "init", "local"]);
    await world().configure({ connections: ["social"] });
  });

  const optionsNow = async () =>
    ((await api.call("GET", `/connections/${id}`)) as { options: object }).options;

  it("is refused by its reason where it is to make no users any more", async () => {
    await world().configure({ connections: ["social"], connectionSync: "never_on_login" });
    const { code, output } = await runPulumi(world(), ["preview"]);
    await world().configure({ connections: ["social"] });
    assert.notEqual(code, 0);
    assert.match(output, /connectionSync \(never_on_login\) would also stop users from being created/);
  });

  it("gets the one option and keeps all others, of which the state holds nothing; the preview warns of names", async () => {
    const output = await requirePulumi(world(), ["up", "--yes"]);
    assert.match(output, /warning: Logins through social will no longer update users' pictures.*names/);
    assert.deepEqual(await optionsNow(), { ...options, set_user_root_attributes: "on_first_login" });
    const folder = join(world().folder.pulumiState, `.pulumi/stacks/${configNamespace}`);
    const state = readFileSync(join(folder, "local.json"), "utf8");
    assert.match(state, /"former":\s*"unset"/);
    for (const value of told) {
      assert.doesNotMatch(state, value);
      assert.doesNotMatch(output, value);
    }
  });

  it("has its options back after everything was destroyed", async () => {
    await requirePulumi(world(), ["destroy", "--yes", "--skip-preview"]);
    assert.deepEqual(await optionsNow(), options);
  });
});
