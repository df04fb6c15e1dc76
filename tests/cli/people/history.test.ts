import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { changePicture } from "../../../cli/people/change-picture.ts";
import { personHistory } from "../../../cli/people/history.ts";
import { changeScopes, peopleOfTenant } from "./tenant-people.ts";

describe("a user's history", () => {
  const setup = peopleOfTenant();

  async function written() {
    const { tenant, api, people, stateHome } = setup();
    tenant.users.create({ user_id: "auth0|a" });
    tenant.users.create({ user_id: "github|7" });
    await api("POST", "/users/auth0%7Ca/identities", { provider: "github", user_id: "7" });
    const opened = await people(...changeScopes);
    const plan = () => ({ change: { "user_metadata.picture": "" } });
    await changePicture(opened, { command: "clear", wanted: "auth0|a", yes: true, plan });
    const folder = join(stateHome, "stacks");
    mkdirSync(folder);
    const config = {
      auth0Domain: tenant.domain,
      awsAccountId: "123456789012",
      awsRegion: "eu-central-1",
      imageBucket: "acme-pictures",
    };
    writeFileSync(join(folder, "Pulumi.dev.yaml"), stringify({ config }));
    const offline = { ...opened.env, PICTURES_STACK_FOLDER: folder };
    const online = {
      ...offline,
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_API_TOKEN: opened.access.accessToken,
    };
    return { offline, online };
  }

  const shown = async (wanted: string, env: Record<string, string>) => {
    const { text, json } = await personHistory(wanted, "dev", env);
    const { userId, writes } = json as { userId: string; writes: readonly object[] };
    return { text, found: [userId, writes.length] };
  };

  it("is found by the primary id without asking the tenant, and by a linked one by asking it", async () => {
    const { offline, online } = await written();
    for (const wanted of ["auth0|a", "auth0%7Ca"]) {
      assert.deepEqual((await shown(wanted, offline)).found, ["auth0|a", 1]);
    }
    const linked = await shown("github|7", online);
    assert.deepEqual(linked.found, ["auth0|a", 1]);
    assert.match(linked.text, /^auth0\|a\n {2}github\|7 is linked to auth0\|a\.\n/);
  });

  it("is empty for an id that nobody has, and for one of which the tenant cannot be asked", async () => {
    const { offline, online } = await written();
    assert.deepEqual((await shown("auth0|none", online)).found, ["auth0|none", 0]);
    assert.deepEqual((await shown("github|7", offline)).found, ["github|7", 0]);
  });
});
