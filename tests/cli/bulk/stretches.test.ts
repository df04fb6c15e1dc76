import assert from "node:assert/strict";
import { mock } from "node:test";
import { bulkLimits } from "../../../cli/bulk/bulk-run.ts";
import { changePicture } from "../../../cli/people/change-picture.ts";
import type { People } from "../../../cli/people/people.ts";
import { pollUntil } from "../../../lib/clock.ts";
import { lockHolders } from "../held-tenant.ts";
import { peopleOfTenant } from "../people/tenant-people.ts";
import { allByImport, applied, bulkScopes, outcomesOf } from "./tenant-bulk.ts";

const url = "https://img.acme.com/users/0123456789abcdef0123/a.png";

describe("a run over many users beside other commands on the machine", () => {
  const setup = peopleOfTenant();
  const hold = lockHolders();
  let said: string[];
  let people: People;

  beforeEach(async () => {
    said = [];
    mock.method(process.stderr, "write", (text: string) => said.push(text) > 0);
    people = await setup().people(...bulkScopes);
  });
  afterEach(() => {
    mock.restoreAll();
  });

  function addUsers(count: number): string[] {
    return Array.from({ length: count }, (_, index) => {
      const user_id = `auth0|${index}`;
      setup().tenant.users.create({ user_id, email: `${index}@acme.com`, email_verified: true });
      return user_id;
    });
  }

  const settings = (users: readonly string[]) => users.map((user) => ({ user, action: "set", url }));
  const metadata = async (user: string) =>
    (await setup().api("GET", `/users/${encodeURIComponent(user)}`)).body.user_metadata as unknown;
  const gravatarOff = (wanted: string) =>
    changePicture(people, {
      command: "gravatar",
      wanted,
      yes: true,
      plan: () => ({ change: { "user_metadata.gravatar_disabled": true } }),
    });

  for (const [kind, limits] of [
    ["users", allByImport],
    ["users", bulkLimits],
    ["blocks", bulkLimits],
  ] as const) {
    const way = limits === allByImport ? "an import" : "PATCH";
    it(`waits before ${way} for a command that has ${kind}, and says for whom`, async () => {
      const users = addUsers(2);
      const { pid, end } = await hold(setup().stateHome, setup().tenant.domain, kind);
      const run = applied(people, settings(users), { limits });
      assert.ok(await pollUntil(() => said.length > 0, { withinMs: 5000 }));
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(await metadata(users[0]!), undefined);
      await end();
      assert.deepEqual(outcomesOf(await run), { changed: 2 });
      assert.match(said.join(""), new RegExp(`^Waiting for pictures test \\(process ${pid}, `));
    });
  }

  it("does not wait where it only says what it would do", async () => {
    const users = addUsers(2);
    for (const kind of ["users", "blocks"] as const) {
      await hold(setup().stateHome, setup().tenant.domain, kind);
    }
    const report = await applied(people, settings(users), { yes: false });
    assert.deepEqual(outcomesOf(report), { "would-change": 2 });
  });

  it("loses nothing that another command changes of a user whose import is under way", async () => {
    const users = addUsers(2);
    const { faults } = setup().tenant;
    faults.set([{ kind: "latency", method: "POST", path: "*/users-imports", ms: 1000 }], 1);
    const run = applied(people, settings(users));
    const isSent = () => faults.injected().length > 0;
    assert.ok(await pollUntil(isSent, { withinMs: 5000 }));
    await gravatarOff(users[0]!);
    assert.deepEqual(outcomesOf(await run), { changed: 2 });
    assert.deepEqual(await metadata(users[0]!), { picture: url, gravatar_disabled: true });
    assert.match(said.join(""), /^Waiting for pictures apply \(process \d+, /);
  });

  it("lets another command in between two imports", async () => {
    const users = addUsers(12);
    const order: string[] = [];
    const run = applied(people, settings(users), { limits: { ...allByImport, importBytes: 300 } }).then(
      (report) => {
        order.push("run");
        return report;
      },
    );
    const imports = () =>
      setup().tenant.requests.count({ method: "POST", pathPrefix: "/api/v2/jobs/users-imports" });
    assert.ok(await pollUntil(() => imports() > 0, { withinMs: 5000 }));
    await gravatarOff(users[0]!);
    order.push("gravatar");
    assert.deepEqual(outcomesOf(await run), { changed: 12 });
    assert.deepEqual(order, ["gravatar", "run"]);
  });
});
