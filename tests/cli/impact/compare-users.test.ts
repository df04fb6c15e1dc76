import assert from "node:assert/strict";
import fc from "fast-check";
import { bundleActions } from "../../../stack/bundle-actions.ts";
import { hostileFiles } from "../../auth0/hostile-users.ts";
import { arbitraryEvent } from "../../policy/arbitrary-login.ts";
import { restate } from "../../policy/restatement.ts";
import { settingsWith } from "../../policy/settings.ts";
import { databaseUser, flowOf, flowWith, impactOf, lines, ownAction, type SomeUser } from "./impact-of.ts";

const flows = { old: flowWith({ gravatar: "keep" }), new: flowWith({ gravatar: "never" }) };

describe("a comparison of two flows over all users", () => {
  for (const { what, content, code, message } of hostileFiles) {
    // What is packed is unpacked before.
    if (content[0] === 0x1f) continue;
    it(`stops as every command does at ${what}, and shows nothing of it`, async () => {
      const found = impactOf(flows, [content]);
      await assert.rejects(found, (error: { code?: string; message: string }) => {
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /jane|acme/);
        return true;
      });
    });
  }

  it("names the first broken line of a file of many batches, whichever process meets it", async () => {
    const users = Array.from({ length: 4000 }, (_, id) => lines(databaseUser(id)));
    users[3000] = "{\n";
    users[3500] = "{\n";
    await assert.rejects(impactOf(flows, users, { pairs: 2 }), {
      message: /^Line 3001 /,
    });
  });

  it("says where the process that runs the Actions ends", async () => {
    const hungry = flowOf([ownAction("const kept = []; for (;;) kept.push(new Array(1e6).fill(event));")]);
    await assert.rejects(impactOf({ old: flows.old, new: hungry }, [lines(databaseUser(1))]), {
      code: "impact-broke",
      message: /after line 0, the process that ran the Actions ended/,
    });
  });

  it("puts logins that fail into a group of their own, first of all", async () => {
    const failing = flowOf([
      ownAction(`
        if (event.user.user_id === "auth0|1") throw new Error("no");
        if (event.user.user_id === "auth0|2") api.access.deny("no");
        if (event.user.user_id === "auth0|3") await new Promise((_, no) => setTimeout(() => no("no"), 1));
        if (event.user.user_id === "auth0|4") await new Promise(() => setTimeout(() => null.x, 1));`),
    ]);
    const users = Array.from({ length: 9 }, (_, id) => databaseUser(id));
    const { report, changedIds } = await impactOf({ old: flowOf([]), new: failing }, [lines(...users)]);
    assert.deepEqual(report.failing, { old: 0, new: 4 });
    assert.deepEqual(changedIds, ["auth0|1", "auth0|2", "auth0|3", "auth0|4"]);
    const [first] = report.groups;
    assert.deepEqual(first, {
      old: "no action",
      new: "login fails",
      connection: "Username-Password-Authentication",
      users: 4,
      changed: 4,
    });
    assert.equal(report.examples[0]?.new.picture, null);
  });

  it("fails a login that waits for ever, and goes on with the next one", async () => {
    const waiting = flowOf([
      ownAction(`if (event.user.user_id !== "auth0|1") await new Promise(() => setInterval(() => null, 1));`),
    ]);
    const users = Array.from({ length: 4 }, (_, id) => databaseUser(id));
    const timeLimit = { seconds: 0, logins: 3 };
    const { report } = await impactOf({ old: flowOf([]), new: waiting }, [lines(...users)], { timeLimit });
    assert.deepEqual(report.failing, { old: 0, new: 3 });
  });

  it("stops where more logins wait for ever than it may wait for", async () => {
    const waiting = flowOf([ownAction("await new Promise(() => null);")]);
    const users = Array.from({ length: 3 }, (_, id) => databaseUser(id));
    const timeLimit = { seconds: 0, logins: 1 };
    await assert.rejects(impactOf({ old: flowOf([]), new: waiting }, [lines(...users)], { timeLimit }), {
      code: "impact-logins-hang",
      message: /after line 0, more than 1 logins did not end within 0 seconds\. Nothing was deployed\.$/,
    });
  });

  for (const [what, body] of [
    ["an endless loop", "for (;;);"],
    ["an endless chain of promises", "for (;;) await null;"],
  ] as const) {
    it(`stops where code never gives the processor back: ${what}`, async () => {
      const busy = flowOf([ownAction(body)]);
      const options = { timeLimit: { seconds: 0, logins: 1 }, silenceMs: 2000 };
      await assert.rejects(impactOf({ old: flowOf([]), new: busy }, [lines(databaseUser(1))], options), {
        code: "impact-broke",
        message: /blocked its process for more than 2 seconds/,
      });
    });
  }

  it("fails no login by what an earlier one left behind", async () => {
    const leaving = flowOf([
      ownAction(`
        if (event.user.user_id === "auth0|0") { setTimeout(() => null.x, 1); setInterval(() => null.x, 1); }
        else await new Promise((resolve) => setTimeout(resolve, 20));`),
    ]);
    const users = Array.from({ length: 4 }, (_, id) => databaseUser(id));
    const { report } = await impactOf({ old: leaving, new: leaving }, [lines(...users)]);
    assert.deepEqual(report.failing, { old: 0, new: 0 });
  });

  it("fails every login by code that cannot be loaded", async () => {
    const broken = { ...ownAction(""), code: "exports.onExecutePostLogin = (" };
    const { report } = await impactOf({ old: flows.old, new: flowOf([broken]) }, [lines(databaseUser(1))]);
    assert.deepEqual(report.failing, { old: 0, new: 1 });
  });

  it("takes users with odd types and huge metadata, and lines without an end", async () => {
    const users = [
      databaseUser(1, { identities: "none", user_metadata: null, app_metadata: 7 }),
      databaseUser(2, { identities: [null], picture: { url: 1 }, user_metadata: ["x"] }),
      databaseUser(3, { identities: [{ connection: { name: 1 }, provider: 5 }], picture: 7 }),
      databaseUser(4, { user_metadata: { text: "ä".repeat(3_000_000), picture: " " } }),
      { user_id: "auth0|5", Connection: "Staff", picture: "https://cdn.auth0.com/avatars/x.png" },
      JSON.parse(
        '{"user_id":"auth0|6","__proto__":{"picture":"x"},"user_metadata":{"__proto__":null}}',
      ) as unknown,
    ];
    const text = `\uFEFF${lines(...users).trimEnd()}`;
    const bytes = Buffer.from(text);
    // In pieces that cut characters in two.
    const pieces = Array.from({ length: 100 }, (_, index) =>
      bytes.subarray((index * bytes.length) / 100, ((index + 1) * bytes.length) / 100),
    );
    const { report } = await impactOf(flows, pieces);
    assert.equal(report.users, 6);
    assert.equal(report.connections["Staff"]?.users, 1);
    assert.deepEqual(
      Object.fromEntries(
        Object.entries(report.newReasons).map(([reason, { users: count }]) => [reason, count]),
      ),
      { "gravatar-never": 1, missing: 1, placeholder: 1, removed: 1, "root-refused": 2 },
    );
  });

  it("gives Actions what an event always has, whatever the file says of it", async () => {
    const showing = flowOf([
      ownAction(`
        const { user_id, identities, user_metadata, app_metadata } = event.user;
        const shown = [user_id, identities, user_metadata, app_metadata];
        api.idToken.setCustomClaim("picture", JSON.stringify(shown));`),
    ]);
    const users = [
      { user_id: "auth0|1", Connection: "Staff" },
      { user_id: "auth0|2", identities: [{ provider: "auth0" }], user_metadata: null, app_metadata: ["x"] },
    ];
    const { report } = await impactOf({ old: flowOf([]), new: showing }, [lines(...users)]);
    assert.deepEqual(
      report.examples.map((example) => JSON.parse(String(example.new.picture)) as unknown),
      [
        ["auth0|1", [{ connection: "Staff", provider: "auth0" }], {}, {}],
        ["auth0|2", [{ provider: "auth0" }], {}, {}],
      ],
    );
  });

  it("shows each Action its own copy of the event, and later ones the metadata that earlier ones set", async () => {
    const writing = ownAction(`
      event.user.picture = "https://img.acme.com/changed.png"; event.request.ip = "x";
      api.user.setUserMetadata("seen", 1);`);
    const reading = ownAction(
      `api.idToken.setCustomClaim("picture", event.request.ip + event.user.user_metadata.seen + event.user.picture);`,
      "user-picture",
    );
    const { report } = await impactOf({ old: flowOf([]), new: flowOf([writing, reading]) }, [
      lines(databaseUser(1, { picture: "root" }), databaseUser(2, { picture: "root" })),
    ]);
    assert.deepEqual(
      report.examples.map((example) => example.new),
      [
        { reason: "unknown", picture: "127.0.0.11root" },
        { reason: "unknown", picture: "127.0.0.11root" },
      ],
    );
  });

  it("gives the Actions no more of the machine than the local tenant does", async () => {
    const curious = flowOf([
      ownAction(`
        const found = [typeof process.stdout, typeof process.env.PATH, typeof globalThis.gc];
        for (const attempt of [() => require("fs"), () => require("net"), () => Buffer.constructor("return process")()])
          try { found.push(typeof attempt().stdout); } catch (error) { found.push("refused"); }
        await fetch("https://auth0.com/").catch(() => found.push("refused"));
        console.log("nobody reads this");
        api.idToken.setCustomClaim("picture", found.join(" "));`),
    ]);
    const { report } = await impactOf({ old: flowOf([]), new: curious }, [lines(databaseUser(1))]);
    const picture = report.examples[0]?.new.picture;
    assert.match(
      picture ?? "",
      /^undefined undefined undefined refused refused (refused|undefined) refused$/,
    );
  });

  it("reports truly what code does that attacks the other flow and the count", async () => {
    const attacking = flowOf([
      ownAction(`
        const hide = { configurable: true, value() { this.changed = 0; this.examples = []; this.changedIds = []; return this; } };
        Object.defineProperty(Object.getPrototypeOf(URL.prototype), "toJSON", hide);
        Object.defineProperty(Object.prototype, "changedIds", { configurable: true, get: () => [], set() {} });
        URL = class { href = "https://img.acme.com/same.png" };
        String.prototype.trim = () => "https://img.acme.com/same.png";
        api.idToken.setCustomClaim("picture", "https://img.acme.com/other.png");`),
    ]);
    const same = flowOf([
      ownAction(`api.idToken.setCustomClaim("picture", "https://img.acme.com/same.png");`),
    ]);
    const users = Array.from({ length: 500 }, (_, id) => databaseUser(id));
    const { report, changedIds } = await impactOf({ old: same, new: attacking }, [lines(...users)]);
    assert.equal(changedIds.length, 500);
    for (const { old, new: after } of report.examples) {
      assert.equal(old.picture, "https://img.acme.com/same.png");
      assert.equal(after.picture, "https://img.acme.com/other.png");
    }
  });

  it("says `other` where an Action does something else than the policy with its settings", async () => {
    const edited = bundleActions(settingsWith()).map(({ name, code }) => ({
      name,
      code: code
        .replace("exports.onExecutePostLogin = onExecutePostLogin;", "")
        .concat(
          `exports.onExecutePostLogin = async (event, api) => api.idToken.setCustomClaim("picture", "https://img.acme.com/x.png");`,
        ),
    }));
    const { report } = await impactOf({ old: flows.old, new: flowOf(edited) }, [lines(databaseUser(1))]);
    assert.deepEqual(Object.keys(report.newReasons), ["other"]);
  });

  it("finds exactly the users that a comparison one by one finds", async () => {
    // A user of an export, from an arbitrary login's event.
    const arbitraryUser = fc
      .tuple(arbitraryEvent, fc.constantFrom("auth0", "google-oauth2"))
      .map(([event, provider]): Omit<SomeUser, "user_id"> => {
        const { user } = Object(event) as { user?: unknown };
        const { user_id: _, ...fields } = Object(user) as Partial<SomeUser>;
        return { ...fields, identities: [{ connection: provider, provider, user_id: "1" }] };
      });
    const changes = fc.constantFrom(
      ...([
        { gravatar: "never" },
        { social: "replace" },
        { maxLength: 60 },
        { allowedHosts: ["*.acme.com"] },
      ] as const),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryUser, { minLength: 150, maxLength: 300 }),
        changes,
        async (fields, change) => {
          const [before, after] = [settingsWith(), settingsWith(change)];
          const users = fields.flatMap((user, id) => {
            const json = asJson({ ...user, user_id: `${id % 2 === 0 ? "auth0" : "google-oauth2"}|${id}` });
            return json === undefined ? [] : [json];
          });
          const shown = (user: SomeUser, settings: typeof before) => restate({ user }, settings);
          const expected = users.filter((user) => shown(user, before).picture !== shown(user, after).picture);
          const compared = { old: flowWith(), new: flowWith(change) };
          const { report, changedIds } = await impactOf(compared, [lines(...users)]);
          assert.deepEqual(
            changedIds,
            expected.map(({ user_id }) => user_id),
          );
          assert.equal(report.users, users.length);
          assert.equal(report.changed, expected.length);
          for (const [reason, { users: count }] of Object.entries(report.newReasons)) {
            assert.equal(users.filter((user) => shown(user, after).reason === reason).length, count, reason);
          }
        },
      ),
      { numRuns: 10, endOnFailure: true },
    );
  });

  it("gives the same bytes whole and in parts, whatever the processes", async () => {
    const users = Array.from({ length: 3000 }, (_, id) =>
      lines(databaseUser(id, id % 7 === 0 ? { picture: "https://cdn.auth0.com/avatars/x.png" } : {})),
    );
    const whole = await impactOf(flows, users, { sample: 3 });
    const spread = await impactOf(flows, [...users].reverse(), { sample: 3, pairs: 3 });
    assert.equal(JSON.stringify(spread.report), JSON.stringify(whole.report));
    assert.equal(whole.report.examples.length, 3);
    const first = await impactOf(flows, users, { sample: 3, shard: { index: 1, of: 2 } });
    assert.ok(first.report.users > 1300 && first.report.users < 1700);
  });
});

/** What an export's line can hold of it; undefined where that is nothing. */
function asJson(user: SomeUser): SomeUser | undefined {
  try {
    return JSON.parse(JSON.stringify(user)) as SomeUser;
  } catch {
    return undefined;
  }
}
