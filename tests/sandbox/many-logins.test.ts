import assert from "node:assert/strict";
import { createSandbox, type Sandbox } from "../../sandbox/create-sandbox.ts";
import type { SandboxAction } from "../../sandbox/flow.ts";
import { action } from "./action.ts";

/** Keeps all that it is given, and looks for it in all that it can reach; `tag` is the flow's. */
const keeper = (tag: string): string => `
  globalThis.kept ??= [];
  kept.push(JSON.stringify(event), Buffer.from(event.mark + JSON.stringify(event.secrets)).toString());
  Object.prototype["left of " + event.mark] = event.mark;
  require("util")[event.mark] = event.mark;
  await new Promise((resolve) => setTimeout(resolve, event.number % 5));
  const memory = Buffer.allocUnsafeSlow(100000).toString("latin1") + Buffer.allocUnsafe(2000).toString("latin1");
  const places = [kept.join(), Object.keys(require("util")).join(), memory];
  const inherited = []; for (const name in {}) inherited.push(name);
  const others = [...places, inherited.join()].join().match(/flow-\\d-/g) ?? [];
  api.idToken.setCustomClaim("others", [...new Set(others)].filter((found) => found !== "${tag}"));
  api.idToken.setCustomClaim("mark", event.mark);
  api.cache.set("mark", event.mark);
  api.idToken.setCustomClaim("secrets of others", new RegExp("of the" + " other").test(places.join()));`;

/** Two Actions that keep everything, around one that has a secret. */
function flow(number: number): SandboxAction[] {
  const tag = `flow-${number}-`;
  return [
    action(keeper(tag), `First ${number}`),
    action("api.idToken.setCustomClaim('secret', event.secrets.KEY)", `Secret ${number}`, {
      KEY: `${tag} of the other`,
    }),
    action(keeper(tag), `Last ${number}`),
  ];
}

describe("200 logins at once with 5 different flows", () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = createSandbox();
  });
  afterEach(() => sandbox.stop());

  it("all come out right, and none sees another flow's data or another Action's secret", async () => {
    const flows = [0, 1, 2, 3, 4].map(flow);
    const numbers = Array.from({ length: 200 }, (_, number) => number);
    const results = await Promise.all(
      numbers.map((number) => {
        const event = {
          number,
          mark: `flow-${number % 5}-login-${number}`,
          user: { user_id: `auth0|${number}` },
        };
        return sandbox.runFlow(flows[number % 5] ?? [], event);
      }),
    );
    for (const [number, { idTokenClaims, denied, actions }] of results.entries()) {
      assert.equal(denied, undefined, denied?.reason);
      assert.equal(actions.length, 3);
      assert.deepEqual(idTokenClaims, {
        others: [],
        mark: `flow-${number % 5}-login-${number}`,
        "secrets of others": false,
        secret: `flow-${number % 5}- of the other`,
      });
    }
  });

  it("come out right where those of one flow kill their process", async () => {
    const killer = [action("const all = []; for (;;) all.push(Buffer.alloc(32 * 1024 * 1024, 1));", "Kills")];
    const good = [action("api.idToken.setCustomClaim('mark', event.mark)", "Good")];
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, number) =>
        sandbox.runFlow(number % 10 === 0 ? killer : good, { mark: number }),
      ),
    );
    for (const [number, { idTokenClaims, denied }] of results.entries()) {
      if (number % 10 === 0) assert.equal(denied?.cause === "crash" || denied?.cause === "error", true);
      else assert.deepEqual([idTokenClaims, denied], [{ mark: number }, undefined]);
    }
  });
});
