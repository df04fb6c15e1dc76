import assert from "node:assert/strict";
import { readFlow } from "../../auth0/actions-api.ts";
import { requestAccess } from "../../auth0/management-token.ts";
import { setupTenant } from "../tenant/setup-tenant.ts";
import { trustForEachTest } from "../trusted-fetch.ts";

describe("reading the Actions and the Login flow", () => {
  const setup = setupTenant();
  trustForEachTest(() => setup().certificates.caFile);

  async function accessWith(...scopes: string[]) {
    const { tenant, tokenWith } = setup();
    return requestAccess({
      domain: tenant.domain,
      proof: { token: await tokenWith(...scopes) },
    });
  }

  it("is refused by name where the token lacks the scope", async () => {
    await assert.rejects(readFlow(await accessWith("read:users"), ["Action 1"]), {
      code: "auth0-forbidden",
      message: /answered 403 to reading the Actions: Insufficient scope.*read:actions/,
    });
  });

  it("says so where nobody answers", async () => {
    const access = { ...(await accessWith("read:actions")), domain: "localhost:1" };
    await assert.rejects(readFlow(access, ["Action 1"]), { code: "auth0-unreachable" });
  });

  it("waits a 429 out as its headers say, and reads on", async () => {
    const { tenant } = setup();
    const access = await accessWith("read:actions");
    tenant.faults.set([{ kind: "429", method: "GET", path: "/api/v2/actions/*", times: 1 }], 1);
    assert.deepEqual(await readFlow(access, ["Action 1"]), { actions: [], bound: [] });
    assert.equal(tenant.faults.injected().length, 1);
  });

  it("gives the code that a login runs, the order of the flow, and whether a draft waits", async () => {
    const { bind, api } = setup();
    const [first = ""] = await bind("api.idToken.setCustomClaim('a', 1);", "");
    const { body } = await api("GET", `/actions/actions/${first}`);
    const { name, code } = body as unknown as { name: string; code: string };
    await api("PATCH", `/actions/actions/${first}`, { code: "exports.onExecutePostLogin = async () => {};" });
    const { actions, bound } = await readFlow(await accessWith("read:actions"), [name]);
    const told = actions.map((action) => ({
      name: action.name,
      deployedCode: action.deployed?.code,
      draftDiffers: !action.allChangesDeployed,
    }));
    assert.deepEqual(told, [{ name, deployedCode: code, draftDiffers: true }]);
    assert.equal(bound.length, 2);
    assert.equal(bound[0], name);
  });
});
