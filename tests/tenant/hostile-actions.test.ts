import assert from "node:assert/strict";
import { reachAttempts } from "../sandbox/attacks/reach.ts";
import { attackingAction } from "../sandbox/attacks/action-run.ts";
import { openTargets, type Targets } from "../sandbox/attacks/targets.ts";
import { deployedAction, setupTenant } from "./setup-tenant.ts";

/** Makes the answer of its process another one: the sandbox's program calls what an Action may have replaced. */
const saying = (bytes: string): string => `
  const { concat } = Buffer;
  Buffer.concat = () => { Buffer.concat = concat; return ${bytes}; };`;

describe("The tenant survives an Action that", () => {
  const setup = setupTenant({
    flowTimeLimitMs: 1500,
    seed: { users: [{ user_id: "auth0|jane" }, { user_id: "auth0|bob" }] },
  });

  const hostile: [string, string][] = [
    ["writes garbage", saying(`Buffer.from("garbage ".repeat(1000))`)],
    ["floods", saying("Buffer.alloc(64 * 1024 * 1024, 0)")],
    ["announces an answer without end", saying("Buffer.alloc(5, 255)")],
    ["answers half", saying("concat([Buffer.from([100, 0, 0, 0, 2])])")],
    [
      "answers with a million levels",
      saying(`
      (() => {
        const text = '{"console":[],"effects":[{"kind":"user.setAppMetadata","name":"a","value":' + "[".repeat(1e6) + "]".repeat(1e6) + "}]}";
        const header = Buffer.alloc(5);
        header.writeUInt32LE(text.length, 0);
        header.writeUInt8(2, 4);
        return concat([header, Buffer.from(text)]);
      })()`),
    ],
    [
      "takes four gigabytes outside of the heap",
      "const all = []; for (let i = 0; i < 64; i += 1) all.push(Buffer.alloc(64 * 1024 * 1024, 1));",
    ],
    ["takes all of the heap", "const all = []; for (;;) all.push(new Array(1e6).fill(1));"],
    ["never ends", "for (;;);"],
    ["waits for nothing", "await new Promise(() => {});"],
  ];
  for (const [what, body] of hostile) {
    it(`${what}: the login is refused, and the next user logs in`, async () => {
      const { application, api, bind } = setup();
      const app = await application();
      await bind(`
        if (event.user.user_id === "auth0|jane") {${body}}
        api.idToken.setCustomClaim("seen", event.user.user_id);`);
      await assert.rejects(app.login({ userId: "auth0|jane" }), { error: "access_denied" });
      assert.ok(!("app_metadata" in (await api("GET", "/users/auth0%7Cjane")).body));
      assert.equal((await app.login({ userId: "auth0|bob" })).idTokenClaims["seen"], "auth0|bob");
    });
  }

  it("names its metadata after the prototype: it is a key like any other", async () => {
    const { application, api, bind } = setup();
    await bind(
      "api.user.setAppMetadata('__proto__', { polluted: true }); api.user.setUserMetadata('constructor', { prototype: { polluted: true } })",
    );
    await (await application()).login({ userId: "auth0|jane" });
    const { body, status } = await api("GET", "/users/auth0%7Cjane");
    assert.equal(status, 200);
    assert.deepEqual(Object.getPrototypeOf(body.app_metadata), Object.prototype);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  for (const user of ["a text", null, 1, []]) {
    it(`sets metadata of an event whose user is ${JSON.stringify(user)}`, async () => {
      const { api } = setup();
      const id = await deployedAction(api, "Sets", "api.user.setUserMetadata('a', 1)");
      const { status } = await api("POST", `/actions/actions/${id}/test`, {
        payload: { event: { user, a: 1 } },
      });
      assert.equal(status, 200);
    });
  }

  describe("attacks where it is tested", () => {
    let targets: Targets;
    before(async () => {
      targets = await openTargets();
    });
    after(() => targets.close());

    // Ways that have been open, and the plainest ones.
    const chosen =
      /^(requires fs|asks process|imports by an eval that a timer|makes a file handle|fetches|uses process.binding)/;
    for (const attempt of reachAttempts.filter(({ name }) => chosen.test(name))) {
      it(`and ${attempt.name}`, async () => {
        const { api } = setup();
        const { code } = attackingAction(attempt, targets);
        const created = await api("POST", "/actions/actions", {
          name: "Attacks",
          code,
          supported_triggers: [{ id: "post-login" }],
        });
        const path = `/actions/actions/${created.body.id}`;
        const { status, text } = await api("POST", `${path}/test`, { payload: { event: {} } });
        assert.equal(status, 200);
        assert.ok(!text.includes(targets.secret) && !text.includes(targets.proof), text);
        assert.equal(targets.touched(), undefined);
      });
    }
  });
});
