import assert from "node:assert/strict";
import {
  deployAndWait,
  longestBuildMs,
  readFlow,
  waitForAction,
  type ActionNow,
} from "../../auth0/actions-api.ts";
import { requestAccess } from "../../auth0/management-token.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { setupTenant } from "../tenant/setup-tenant.ts";
import { trustForEachTest } from "../trusted-fetch.ts";

describe("reading the Actions and the Login flow", () => {
  const setup = setupTenant();
  trustForEachTest(() => setup().certificates.caFile);

  async function accessWith(...scopes: string[]) {
    const { tenant, tokenWith } = setup();
    return requestAccess({
      domain: tenant.domain,
      clientAuth: { token: await tokenWith(...scopes) },
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

describe("waiting for an Action", () => {
  const now = Date.now;
  afterEach(() => {
    Date.now = now;
  });

  const content = { code: "", codeHash: "", runtime: "node22", dependencies: [], secrets: [] };

  function action(status: string, deployedId?: string): ActionNow {
    const deployed =
      deployedId === undefined
        ? undefined
        : { ...content, id: deployedId, number: 1, createdAt: "", isBroken: false };
    return { id: "a", name: "user-picture", draft: content, status, deployed, allChangesDeployed: true };
  }

  /** An Action that is read as these, one after the other, and then stays as it is. */
  function reading(...states: readonly ActionNow[]) {
    let reads = 0;
    return {
      read: () => Promise.resolve(states[Math.min(reads++, states.length - 1)]!),
      reads: () => reads,
    };
  }

  const until = ({ status }: ActionNow) => status === "built";
  const giveUp = ({ status }: ActionNow) => new ExpectedError("given-up", status);

  it("ends at once where the build fails", async () => {
    const api = reading(action("building"), action("failed"), action("built"));
    await assert.rejects(waitForAction(api, "a", { until, giveUp }), { code: "given-up", message: "failed" });
    assert.equal(api.reads(), 2);
  });

  it("ends where it takes longer than a build", async () => {
    const start = now();
    let reads = 0;
    const read = () => {
      reads += 1;
      Date.now = () => start + (reads * longestBuildMs) / 2;
      return Promise.resolve(action("building"));
    };
    await assert.rejects(waitForAction({ read }, "a", { until, giveUp }), { code: "given-up" });
    assert.equal(reads, 3);
  });

  it("ends where the Action cannot be read", async () => {
    const read = () => Promise.reject(new ExpectedError("auth0-unreachable", ""));
    await assert.rejects(waitForAction({ read }, "a", { until, giveUp }), { code: "auth0-unreachable" });
  });

  it("ends with a signal's reason, and takes what is reached by then", async () => {
    const aborted = AbortSignal.abort(new ExpectedError("interrupted", ""));
    const waiting = waitForAction(reading(action("building")), "a", { until, giveUp, signal: aborted });
    await assert.rejects(waiting, { code: "interrupted" });
    const reached = await waitForAction(reading(action("built")), "a", { until, giveUp, signal: aborted });
    assert.equal(reached.status, "built");
  });

  it("is given the time to build what had failed before", async () => {
    const states = [action("failed"), action("building"), action("built")];
    const reached = await waitForAction(reading(...states), "a", { until, giveUp }, action("failed"));
    assert.equal(reached.status, "built");
    const again = reading(action("failed"), action("building"), action("failed"));
    await assert.rejects(waitForAction(again, "a", { until, giveUp }, action("failed")), {
      code: "given-up",
    });
  });

  it("takes no version that ran before the deployment", async () => {
    const api = reading(action("built", "one"), action("built", "one"), action("built", "two"));
    const deployed = await deployAndWait(api, action("built", "one"), () => Promise.resolve(), {
      until,
      giveUp,
    });
    assert.equal(deployed.deployed?.id, "two");
    assert.equal(api.reads(), 3);
  });

  it("does not wait where nothing is deployed", async () => {
    const api = reading(action("built", "two"));
    const deploy = () => Promise.reject(new ExpectedError("auth0-forbidden", ""));
    const waiting = deployAndWait(api, action("built", "one"), deploy, { until, giveUp });
    await assert.rejects(waiting, { code: "auth0-forbidden" });
    assert.equal(api.reads(), 0);
  });
});
