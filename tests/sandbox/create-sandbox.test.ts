import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { pollUntil } from "../../lib/clock.ts";
import { createSandbox } from "../../sandbox/create-sandbox.ts";
import { action } from "./action.ts";
import { setupSandbox } from "./setup-sandbox.ts";

describe("createSandbox", () => {
  const setup = setupSandbox();

  describe("ends the login", () => {
    const failures: [string, string, RegExp][] = [
      ["when an Action throws", "throw new Error('boom')", /^boom$/],
      ["when an Action throws something that is no error", "throw 'text'", /^text$/],
      [
        "when an Action throws in a timer",
        "setTimeout(() => { throw new Error('late') }, 1); await new Promise(() => {})",
        /late/,
      ],
      ["when code does not parse", "}; this is no JavaScript", /Unexpected identifier/],
      [
        "when an Action needs a module that is not pure",
        "require('node:fs')",
        /Cannot require 'node:fs'.*only assert, buffer/,
      ],
      ["when an Action needs an npm package", "require('axios')", /Cannot require 'axios'/],
      [
        "when an Action calls what the tenant does not have",
        "api.redirect.sendUserTo('x')",
        /^not supported by the local tenant: api.redirect.sendUserTo$/,
      ],
      ["when a claim is no JSON", "const a = {}; a.a = a; api.idToken.setCustomClaim('a', a)", /not JSON/],
      ["when a claim has no name", "api.idToken.setCustomClaim(undefined, 1)", /needs a name/],
    ];
    for (const [name, body, reason] of failures) {
      it(name, async () => {
        const { denied, userMetadata } = await setup().run(`api.user.setUserMetadata("a", 1); ${body}`);
        assert.equal(denied?.code, "access_denied");
        assert.equal(denied.cause, "error");
        assert.equal(denied.action, "Test");
        assert.match(denied.reason, reason);
        assert.deepEqual(userMetadata, {});
      });
    }

    it("when there is no handler", async () => {
      const { sandbox } = setup();
      const { denied } = await sandbox.runFlow([{ ...action(""), code: "exports.other = 1" }], {});
      assert.match(denied?.reason ?? "", /no exports.onExecutePostLogin/);
    });

    it("when an Action exhausts the memory, and the next flow runs", async () => {
      const { run } = setup();
      const { denied } = await run("const all = []; for (;;) all.push(new Array(1e6).fill(1));");
      assert.equal(denied?.cause, "crash");
      assert.equal((await run("")).denied, undefined);
    });

    it("when api.access.deny is called, with its metadata kept and no later Action run", async () => {
      const { sandbox } = setup();
      const actions = [
        action("api.user.setAppMetadata('seen', true); api.access.deny('not today')", "First"),
        action("api.idToken.setCustomClaim('second', 1)", "Second"),
      ];
      const result = await sandbox.runFlow(actions, {});
      assert.deepEqual(result.denied, {
        code: "access_denied",
        reason: "not today",
        cause: "deny",
        action: "First",
      });
      assert.deepEqual(result.appMetadata, { seen: true });
      assert.deepEqual(result.idTokenClaims, {});
      assert.equal(result.actions.length, 1);
    });
  });

  describe("with a time limit", () => {
    const limited = setupSandbox({ size: 1, flowTimeLimitMs: 1000 });

    for (const [name, body] of [
      ["an endless loop", "for (;;);"],
      ["an endless wait", "await new Promise(() => {});"],
      ["an endless chain of promises", "for (;;) await null;"],
    ] as const) {
      it(`ends ${name}, tells which Action it was, and runs the next flow`, async () => {
        const { run, sandbox } = limited();
        const { denied } = await sandbox.runFlow([action("", "Quick"), action(body, "Slow")], {});
        assert.deepEqual(denied, {
          code: "access_denied",
          reason: "The flow took longer than 1 seconds.",
          cause: "time-limit",
          action: "Slow",
        });
        assert.deepEqual((await run("api.idToken.setCustomClaim('a', 1)")).idTokenClaims, { a: 1 });
      });
    }
  });

  describe("lets Actions", () => {
    it("set claims, of which the last value wins, and tells all in order", async () => {
      const { sandbox } = setup();
      const actions = [
        action(
          "api.idToken.setCustomClaim('picture', 'one').accessToken.setCustomClaim('a', { b: [1, null] })",
          "First",
        ),
        action("api.idToken.setCustomClaim('picture', 'two'); api.accessToken.addScope('x')", "Second"),
      ];
      const result = await sandbox.runFlow(actions, {});
      assert.deepEqual(result.idTokenClaims, { picture: "two" });
      assert.deepEqual(result.accessTokenClaims, { a: { b: [1, null] } });
      assert.deepEqual(result.effects, [
        { action: "First", kind: "idToken.setCustomClaim", name: "picture", value: "one" },
        { action: "First", kind: "accessToken.setCustomClaim", name: "a", value: { b: [1, null] } },
        { action: "Second", kind: "idToken.setCustomClaim", name: "picture", value: "two" },
        { action: "Second", kind: "accessToken.addScope", name: "x" },
      ]);
    });

    it("change metadata that later Actions see", async () => {
      const { sandbox } = setup();
      const actions = [
        action("api.user.setUserMetadata('color', 'red'); api.user.setAppMetadata('plan', null)"),
        action("api.idToken.setCustomClaim('seen', event.user)"),
      ];
      const result = await sandbox.runFlow(actions, { user: { app_metadata: { plan: 1 } } });
      assert.deepEqual(result.userMetadata, { color: "red" });
      assert.deepEqual(result.appMetadata, { plan: null });
      assert.deepEqual(result.idTokenClaims["seen"], {
        app_metadata: { plan: null },
        user_metadata: { color: "red" },
      });
    });

    it("read their own secrets only", async () => {
      const { sandbox } = setup();
      const actions = [
        action("api.idToken.setCustomClaim('one', event.secrets)", "One", { KEY: "1" }),
        action("api.idToken.setCustomClaim('two', event.secrets)", "Two"),
      ];
      assert.deepEqual((await sandbox.runFlow(actions, {})).idTokenClaims, { one: { KEY: "1" }, two: {} });
    });

    it("change the event without others noticing", async () => {
      const { sandbox } = setup();
      const actions = [
        action("event.user.name = 'changed'"),
        action("api.idToken.setCustomClaim('name', event.user.name)"),
      ];
      const event = { user: { name: "given" } };
      assert.deepEqual((await sandbox.runFlow(actions, event)).idTokenClaims, { name: "given" });
    });

    it("use pure builtins, timers and the platform's globals", async () => {
      const { run } = setup();
      const result = await run(
        `
        const { createHash } = require("node:crypto");
        await new Promise((resolve) => setTimeout(resolve, 1));
        const url = new URL("https://example.com/a?b=c");
        api.idToken.setCustomClaim("all", [
          createHash("sha256").update("a").digest("hex").slice(0, 8),
          url.searchParams.get("b"),
          Buffer.from("é").toString("base64"),
          new TextEncoder().encode("é").length,
          require("querystring").parse("a=1").a,
          eval("1 + 1"),
          typeof process.env.PATH,
          event.list instanceof Array,
        ]);`,
        { list: [] },
      );
      assert.deepEqual(result.idTokenClaims["all"], ["ca978112", "c", "w6k=", 2, "1", 2, "undefined", true]);
    });

    it("set SAML attributes and use the flow's cache", async () => {
      const { run } = setup();
      const { samlAttributes, idTokenClaims } = await run(`
        api.samlResponse.setAttribute("mail", ["a"]);
        api.cache.set("key", "value");
        api.idToken.setCustomClaim("cached", api.cache.get("key").value);`);
      assert.deepEqual(samlAttributes, { mail: ["a"] });
      assert.deepEqual(idTokenClaims, { cached: "value" });
    });

    it("write to the console, within bounds", async () => {
      const { run } = setup();
      const [first] = (await run("console.log('a %s', 'b', { c: 1 }); console.error('x'.repeat(5000));"))
        .actions;
      assert.deepEqual(first?.console, ["a b { c: 1 }", "x".repeat(1000)]);
      const [second] = (await run("for (let i = 0; i < 500; i += 1) console.log(i);")).actions;
      assert.equal(second?.console.length, 100);
    });
  });

  it("leaves nothing of one flow to the next", async () => {
    const { run } = setup();
    await run(
      "globalThis.left = 1; setInterval(() => { throw new Error('of the first flow') }, 5); Array.prototype.left = 1;",
    );
    const body =
      "await new Promise((r) => setTimeout(r, 30)); api.idToken.setCustomClaim('left', [typeof left, [].left ?? 0]);";
    const { denied, idTokenClaims } = await run(body);
    assert.equal(denied, undefined);
    assert.deepEqual(idTokenClaims, { left: ["undefined", 0] });
  });

  it("ends a process that works on between logins that follow each other closely", async () => {
    const { run } = setup();
    const body = `
      globalThis.logins = (globalThis.logins ?? 0) + 1;
      for (let index = 0; index < 2; index += 1) require("crypto").pbkdf2("a", "b", 2 ** 31 - 1, 64, "sha512", () => {});
      api.idToken.setCustomClaim("logins", logins);`;
    const isAnother = async (): Promise<boolean> => {
      // Shorter than the time between two looks at a process that waits.
      await setTimeout(400);
      return (await run(body)).idTokenClaims["logins"] === 1;
    };
    await run(body);
    assert.ok(await pollUntil(isAnother, { withinMs: 60_000, everyMs: 0 }));
  });

  it("does not mix up flows that run at the same time", async () => {
    const sandbox = createSandbox({ size: 2 });
    try {
      const body =
        "await new Promise((r) => setTimeout(r, event.n % 3)); api.idToken.setCustomClaim('n', event.n);";
      const numbers = Array.from({ length: 200 }, (_, n) => n);
      const results = await Promise.all(numbers.map((n) => sandbox.runFlow([action(body)], { n })));
      assert.deepEqual(
        results.map(({ idTokenClaims }) => idTokenClaims["n"]),
        numbers,
      );
    } finally {
      await sandbox.stop();
    }
  });

  it("refuses flows once it was stopped", async () => {
    const { sandbox } = setup();
    void sandbox.runFlow([action("await new Promise(() => {})")], {});
    const waiting = assert.rejects(sandbox.runFlow([action("")], {}), /sandbox was stopped/);
    await sandbox.stop();
    await waiting;
    await assert.rejects(sandbox.runFlow([action("")], {}), /sandbox was stopped/);
  });
});
