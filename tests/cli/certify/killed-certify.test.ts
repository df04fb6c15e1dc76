import assert from "node:assert/strict";
import { furnishedForSuite } from "./furnished-tenant.ts";
import { killedRuns, wrongAfterwards, type CaughtCall } from "./killed-runs.ts";

const flow = "PATCH /api/v2/actions/triggers/:triggerId/bindings";

/** Where most is at stake; `npm run certify-kills` takes every call. */
const points: readonly {
  readonly what: string;
  readonly at: Pick<CaughtCall, "moment" | "route">;
  readonly nth?: number;
}[] = [
  { what: "as it makes its first Action", at: { moment: "onSend", route: "POST /api/v2/actions/actions" } },
  {
    what: "as it makes its second database",
    at: { moment: "onSend", route: "POST /api/v2/connections" },
    nth: 2,
  },
  { what: "as it begins an import", at: { moment: "onSend", route: "POST /api/v2/jobs/users-imports" } },
  { what: "as it binds its Action", at: { moment: "onSend", route: flow } },
  { what: "before it takes its Action out again", at: { moment: "onRequest", route: flow }, nth: 2 },
  { what: "as it deletes a connection", at: { moment: "onSend", route: "DELETE /api/v2/connections/:id" } },
  {
    what: "before it deletes its Action, the last",
    at: { moment: "onRequest", route: "DELETE /api/v2/actions/actions/:id" },
    nth: 2,
  },
];

describe("pictures certify that is killed", function () {
  this.timeout(120_000);
  const { install, run } = killedRuns();
  const setup = furnishedForSuite({}, install);

  for (const { what, at, nth = 1 } of points) {
    it(`leaves nothing behind after one more run: ${what}`, async () => {
      const tenant = setup();
      const before = await tenant.contents();
      let met = 0;
      const isMeant = ({ moment, route }: CaughtCall) =>
        moment === at.moment && route === at.route && ++met === nth;
      assert.notEqual(await run(tenant, isMeant), undefined);
      assert.notEqual(await tenant.contents(), before);
      assert.equal(await wrongAfterwards(tenant, before), undefined);
    });
  }

  it("says in the plan what it removes of the run before", async () => {
    const tenant = setup();
    await run(tenant, ({ moment, route }) => moment === "onSend" && route === flow);
    tenant.said.length = 0;
    const { json } = await tenant.certify();
    const plan = tenant.said.join("\n");
    assert.match(plan, /REMOVE {2}Action auth0-user-pictures-certify-\S+, left by the run of 20\S+Z/);
    assert.match(plan, /REMOVE {2}connection .*-database, left/);
    assert.ok(json.leftovers.length >= 4, json.leftovers.join(", "));
  });

  it("removes the leftovers, its binding too, in a run without --bind", async () => {
    const tenant = setup();
    const before = await tenant.contents();
    await run(tenant, ({ moment, route }) => moment === "onSend" && route === flow);
    const { exitCode } = await tenant.certify({ bind: false });
    assert.equal(exitCode, 0);
    assert.equal(await tenant.contents(), before);
  });

  it("takes only its own Action out where others changed the flow after the kill", async () => {
    const tenant = setup();
    await run(tenant, ({ moment, route }) => moment === "onSend" && route === flow);
    const path = "/actions/triggers/post-login/bindings";
    const names = async () => {
      const { bindings } = (await tenant.api.call("GET", path)) as { bindings: { display_name: string }[] };
      return bindings.map(({ display_name: name }) => name);
    };
    const { bindings } = (await tenant.api.call("GET", path)) as {
      bindings: { display_name: string; action: { id: string } }[];
    };
    const turned = bindings.toReversed().map(({ display_name, action }) => ({
      display_name,
      ref: { type: "action_id", value: action.id },
    }));
    await tenant.api.call("PATCH", path, { bindings: turned });
    await tenant.certify({ bind: false });
    const others = turned
      .map(({ display_name: name }) => name)
      .filter((name) => !name.startsWith("auth0-user"));
    assert.deepEqual(await names(), others);
  });

  it("is over after Ctrl-C only when everything is removed", async () => {
    const tenant = setup();
    const before = await tenant.contents();
    const made = () => tenant.tenant.requests.count({ method: "POST", pathPrefix: "/api/v2/connections" });
    const earlier = made();
    const running = tenant.certify();
    const stopped = assert.rejects(running, { code: "interrupted" });
    while (made() === earlier) await tick();
    process.emit("SIGINT");
    await stopped;
    assert.equal(await tenant.contents(), before);
  });
});

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
