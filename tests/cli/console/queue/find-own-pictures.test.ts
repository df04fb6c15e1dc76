import assert from "node:assert/strict";
import type { User } from "../../../../auth0/user.ts";
import { findOwnPictures, findingSource } from "../../../../cli/console/queue/find-own-pictures.ts";
import { newestOf } from "../../../../cli/console/queue/newest-exported.ts";
import { ExpectedError } from "../../../../lib/errors.ts";
import type { SeedUser } from "../../../../tenant/state/user.ts";
import { peopleOfTenant } from "../../people/tenant-people.ts";
import { fakeTenant, minutes, ownUser, tooSlow, type AskedSearch, type FakeTenant } from "./fake-tenant.ts";

const idsOf = (users: readonly User[]) => users.map(({ user_id: id }) => id);

/** Milliseconds that the window spans. */
function spanOf({ from, to = "2026-11-21T00:00:00.000Z" }: AskedSearch): number {
  return from === undefined ? Infinity : Date.parse(to) - Date.parse(from);
}

const dayMs = 24 * 60 * 60_000;

describe("finding own pictures", () => {
  /** All of them, and the state in the end. */
  async function walk(tenant: FakeTenant, between: (users: readonly User[]) => void = () => undefined) {
    const finder = findOwnPictures(tenant, (user) => user);
    const found: User[] = [];
    for (;;) {
      const users = await finder.next();
      if (users === undefined) return { ids: idsOf(found), state: finder.state() };
      found.push(...users);
      between(users);
    }
  }

  it("fails with what the tenant said, and goes on from there when it is asked again", async () => {
    const users = minutes(250);
    const tenant = fakeTenant(users);
    const finder = findOwnPictures(tenant, (user) => user);
    const first = (await finder.next()) ?? [];
    tenant.failure = () => new ExpectedError("auth0-unreachable", "no answer");
    await assert.rejects(finder.next(), { code: "auth0-unreachable" });
    await assert.rejects(finder.next(), { code: "auth0-unreachable" });
    assert.equal(finder.state().isEnd, false);
    tenant.failure = () => undefined;
    const rest = [...((await finder.next()) ?? []), ...((await finder.next()) ?? [])];
    assert.deepEqual(idsOf([...first, ...rest]), idsOf(users));
  });

  it("finds nobody where nobody has one", async () => {
    const blank = [" ", 7, null].map((picture, n) =>
      ownUser(`b${n}`, "2026-11-20T12:00:00.000Z", { user_metadata: { picture } }),
    );
    const { ids, state } = await walk(fakeTenant(blank));
    assert.deepEqual(ids, []);
    assert.deepEqual([state.isEnd, state.way, state.looked], [true, "search", 0]);
  });

  it("gives everybody once, the latest change first, by the page", async () => {
    const users = minutes(1234);
    const tenant = fakeTenant(users);
    const { ids, state } = await walk(tenant);
    assert.deepEqual(ids, idsOf(users));
    assert.deepEqual([state.way, state.looked, state.total], ["search", 1234, 1234]);
    assert.ok(tenant.asked.length <= 13, `${tenant.asked.length} requests`);
    assert.ok(
      tenant.asked.every(
        ({ fields = [] }) => fields.includes("user_metadata") && !fields.includes("last_ip"),
      ),
    );
  });

  it("gives hundreds of one instant once", async () => {
    const same = Array.from({ length: 730 }, (_, n) =>
      ownUser(`s${String(n).padStart(3, "0")}`, "2026-11-20T11:30:00.500Z"),
    );
    const users = [...minutes(30), ...same, ...minutes(250, "2026-11-20T11:29:00.000Z")].map((user, n) => ({
      ...user,
      user_id: `auth0|${String(n).padStart(4, "0")}`,
    }));
    const tenant = fakeTenant(users);
    const { ids, state } = await walk(tenant);
    assert.deepEqual(ids, idsOf(users));
    assert.deepEqual([state.way, tenant.exports()], ["search", 0]);
  });

  it("leaves nobody out who did not change while others were judged", async () => {
    const users = minutes(500);
    const tenant = fakeTenant(users);
    const { ids } = await walk(tenant, (given) => {
      // Each decision is a change: whoever was judged moves to the front.
      for (const { user_id: id } of given.slice(0, 60)) {
        const place = tenant.users.findIndex((user) => user.user_id === id);
        tenant.users[place] = { ...ownUser("", "2026-11-20T23:00:00.000Z"), user_id: id };
      }
    });
    assert.deepEqual(ids, idsOf(users));
  });

  it("gives who changed ahead of the walk in the next walk", async () => {
    const users = minutes(300);
    const tenant = fakeTenant(users);
    const moved = users[299]?.user_id ?? "";
    const { ids } = await walk(tenant, () => {
      tenant.users[299] = { ...ownUser("", "2026-11-20T23:00:00.000Z"), user_id: moved };
    });
    assert.equal(ids.includes(moved), false);
    assert.equal((await walk(tenant)).ids[0], moved);
  });

  it("searches narrower windows where a search takes too long, and wider ones once they work", async () => {
    const users = minutes(3 * 24 * 60);
    const tenant = fakeTenant(users);
    let refused = 0;
    tenant.failure = (search) => {
      if (refused >= 4 || spanOf(search) <= dayMs) return undefined;
      refused += 1;
      return tooSlow();
    };
    const { ids, state } = await walk(tenant);
    assert.deepEqual(ids, idsOf(users));
    assert.deepEqual([state.way, tenant.exports()], ["search", 0]);
    const spans = tenant.asked.map(spanOf);
    assert.deepEqual(spans.slice(0, 3), [Infinity, 30 * dayMs, dayMs]);
    assert.equal(spans.at(-1), Infinity);
  });

  it("takes an export where the narrowest window takes too long, and says so", async () => {
    const users = minutes(450);
    const tenant = fakeTenant([
      ...users,
      ownUser("blank", "2026-11-20T09:00:00.000Z", { user_metadata: {} }),
    ]);
    const finder = findOwnPictures(tenant, (user) => user);
    const first = (await finder.next()) ?? [];
    tenant.failure = tooSlow;
    const found = [...first];
    for (let some = await finder.next(); some !== undefined; some = await finder.next()) found.push(...some);
    assert.deepEqual(idsOf(found), idsOf(users));
    const state = finder.state();
    assert.deepEqual(
      [state.way, state.exportReason, state.exported, state.exportShare, state.looked, state.isEnd],
      ["export", "search-too-slow", 451, 1, 450, true],
    );
    assert.equal(state.cameTo, users.at(-1)?.["updated_at"]);
    assert.deepEqual(tenant.asked.slice(1).map(spanOf), [Infinity, 30 * dayMs, dayMs, dayMs / 24]);
  });

  it("takes an export where more than 1,000 have one instant", async () => {
    const same = Array.from({ length: 1500 }, (_, n) => ownUser(`s${n}`, "2026-11-20T11:30:00.500Z"));
    const users = [...minutes(30), ...same, ...minutes(200, "2026-11-20T11:29:00.000Z")].map((user, n) => ({
      ...user,
      user_id: `auth0|${String(n).padStart(4, "0")}`,
    }));
    const tenant = fakeTenant(users);
    const { ids, state } = await walk(tenant);
    assert.deepEqual(ids, idsOf(users));
    assert.deepEqual([state.exportReason, tenant.exports()], ["many-at-one-time", 1]);
  });

  it("takes an export where hours of searches find nobody", async () => {
    const users = [...minutes(10), ownUser("old", "2020-01-01T00:00:00.000Z")];
    const tenant = fakeTenant(users);
    tenant.failure = (search) => (spanOf(search) > dayMs ? tooSlow() : undefined);
    const { ids, state } = await walk(tenant);
    assert.deepEqual(ids, idsOf(users));
    assert.equal(state.exportReason, "search-finds-too-few");
    assert.ok(tenant.asked.length < 500, `${tenant.asked.length} requests`);
  });

  it("says that an export failed, and takes another one when it is asked again", async () => {
    const users = minutes(20);
    const tenant = fakeTenant(users);
    tenant.failure = tooSlow;
    tenant.exportFailure = () => new ExpectedError("export-failed", "no file");
    const finder = findOwnPictures(tenant, (user) => user);
    await assert.rejects(finder.next(), { code: "export-failed" });
    tenant.exportFailure = () => undefined;
    assert.deepEqual(idsOf((await finder.next()) ?? []), idsOf(users));
  });

  it("keeps the newest of an export, and takes the rest from further ones", async () => {
    const users = [
      ...minutes(20),
      ...Array.from({ length: 30 }, (_, n) =>
        ownUser(`s${String(n).padStart(2, "0")}`, "2026-11-20T00:00:00.000Z"),
      ),
    ];
    const found: User[] = [];
    let cursor: Parameters<typeof newestOf>[1] | undefined = { upTo: undefined, given: new Set() };
    while (cursor !== undefined) {
      const { users: newest, rest }: Awaited<ReturnType<typeof newestOf>> = await newestOf(
        fakeTenant(users).exportUsers(() => undefined),
        cursor,
        (user) => user,
        7,
      );
      assert.ok(newest.length <= 7);
      found.push(...newest);
      cursor = rest;
    }
    assert.deepEqual(idsOf(found), idsOf(users));
  });
});

describe("finding own pictures in a tenant", () => {
  const setup = peopleOfTenant();

  it("takes the export of the tenant where each search takes too long", async () => {
    for (const user of [...minutes(3), { user_id: "auth0|none" }]) {
      setup().tenant.users.create(user as SeedUser);
    }
    const { access } = await setup().people("read:users");
    setup().tenant.faults.set([{ kind: "503" }]);
    const finder = findOwnPictures(findingSource(access), (user) => user);
    assert.deepEqual(idsOf((await finder.next()) ?? []), idsOf(minutes(3)));
    const { way, exportShare, exported } = finder.state();
    assert.deepEqual([way, exportShare, exported], ["export", 1, 4]);
    assert.equal(await finder.next(), undefined);
    assert.equal(setup().tenant.faults.injected().length, 4);
  });
});
