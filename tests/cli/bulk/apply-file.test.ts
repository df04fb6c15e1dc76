import assert from "node:assert/strict";
import { readFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { bulkLimits } from "../../../cli/bulk/bulk-run.ts";
import { peopleOfTenant } from "../people/tenant-people.ts";
import { allByImport, applied, bulkScopes, outcomesOf } from "./tenant-bulk.ts";

const picture = "https://img.acme.com/users/0123456789abcdef0123/a.png";

describe("pictures apply", () => {
  const setup = peopleOfTenant();

  /** A database user with metadata of others. */
  function addUser(id: string, more: object = {}): string {
    const user_id = `auth0|${id}`;
    setup().tenant.users.create({
      user_id,
      email: `${id}@acme.com`,
      email_verified: true,
      name: `Name of ${id}`,
      picture: "https://img.acme.com/root.png",
      user_metadata: { theme: "dark", picture: "https://old.acme.com/a.png" },
      app_metadata: { plan: "pro" },
      ...more,
    });
    return user_id;
  }

  /** Everything of a profile that these commands never write. */
  function withoutOurs(profile: object | undefined): object {
    const copy = structuredClone(profile) as Record<
      "user_metadata" | "app_metadata",
      Record<string, unknown>
    >;
    delete copy.user_metadata["picture"];
    delete copy.app_metadata["picture_blocked"];
    delete copy.app_metadata["picture_block"];
    return { ...copy, updated_at: "" };
  }

  it("does nothing where a line is wrong, and names every wrong line", async () => {
    const people = await setup().people(...bulkScopes);
    const user = addUser("a");
    const report = await applied(people, [
      { user, action: "clear" },
      { user: "jane@acme.com", action: "clear" },
      { user: "auth0|b", action: "set", url: "http://acme.com/a.png" },
      { user: "auth0|c", action: "block" },
      { user, action: "block", reason: "x" },
    ]);
    assert.equal(report.exitCode, 1);
    const { problems } = report.json as { problems: { line: number; code: string }[] };
    assert.deepEqual(
      problems.map(({ line, code }) => [line, code]),
      [
        [2, "user-invalid"],
        [3, "url-not-allowed"],
        [4, "reason-missing"],
        [5, "user-twice"],
      ],
    );
    assert.equal(setup().tenant.users.get(user)?.user_metadata?.["picture"], "https://old.acme.com/a.png");
  });

  it("stops before it reads anybody where the client may not import", async () => {
    const people = await setup().people("read:users", "update:users");
    await assert.rejects(applied(people, [{ user: addUser("a"), action: "clear" }]), {
      code: "scope-missing",
    });
  });

  it("changes nothing in a dry run, and says what logins would show", async () => {
    const people = await setup().people("read:users");
    const user = addUser("a");
    const lines = [
      { user, action: "clear" },
      { user: "auth0|gone", action: "clear" },
    ];
    for (const limits of [allByImport, bulkLimits]) {
      const report = await applied(people, lines, { yes: false, limits });
      assert.equal(report.exitCode, 2);
      assert.deepEqual(outcomesOf(report), { "would-change": 1, gone: 1 });
      assert.match(report.text, /user → https:\/\/img\.acme\.com\/default\.png \(removed/);
    }
    assert.equal(setup().tenant.users.get(user)?.user_metadata?.["picture"], "https://old.acme.com/a.png");
  });

  it("imports the pictures of database users, blocks by PATCH, and leaves everything else of them as it is", async () => {
    const { tenant, people, stateHome } = setup();
    const before = ["a", "b", "c", "d"].map((id) => structuredClone(tenant.users.get(addUser(id))));
    const unverified = addUser("e", { email_verified: false });
    const report = await applied(await people(...bulkScopes), [
      { user: "auth0|a", action: "set", url: picture },
      { user: "auth0|b", action: "clear" },
      { user: "auth0|c", action: "block", reason: "case 1" },
      { user: "auth0|d", action: "unblock" },
      { user: unverified, action: "clear" },
      { user: "auth0|gone", action: "clear" },
    ]);
    assert.deepEqual(outcomesOf(report), { changed: 4, unchanged: 1, gone: 1 });
    assert.match(report.text, /Not known: whether others changed user_metadata of an imported user/);
    assert.equal(tenant.users.get("auth0|gone"), undefined);
    assert.equal(tenant.users.get(unverified)?.email_verified, false);
    assert.equal(tenant.users.get("auth0|a")?.user_metadata?.["picture"], picture);
    assert.equal(tenant.users.get("auth0|b")?.user_metadata?.["picture"], "");
    assert.equal(tenant.users.get("auth0|c")?.app_metadata?.["picture_blocked"], true);
    for (const [index, id] of ["a", "b", "c", "d"].entries()) {
      assert.deepEqual(withoutOurs(tenant.users.get(`auth0|${id}`)), withoutOurs(before[index]));
    }
    assert.deepEqual((report.json as { via: object }).via, { import: 3, patch: 1 });
    assert.equal(tenant.requests.count({ method: "PATCH" }), 1);
    assert.deepEqual(readdirSync(join(stateHome, "auth0-user-pictures/bulk", tenant.domain)), []);
  });

  it("writes users of other connections, and those whom an import might change, one by one", async () => {
    const { tenant, people } = setup();
    tenant.users.create({ user_id: "google-oauth2|1", email: "g@acme.com" });
    addUser("phone", { phone_number: "+49" });
    tenant.users.create({ user_id: "auth0|name-only", username: "joe" });
    const users = ["google-oauth2|1", "auth0|phone", "auth0|name-only"];
    const report = await applied(
      await people(...bulkScopes),
      users.map((user) => ({ user, action: "clear" })),
    );
    assert.deepEqual(outcomesOf(report), { changed: 3 });
    for (const user of users) assert.equal(tenant.users.get(user)?.user_metadata?.["picture"], "");
    assert.equal(tenant.requests.count({ pathPrefix: "/api/v2/jobs/users-imports" }), 0);
  });

  it("notes each write in the journal, without an email, and in the report", async () => {
    const { people, stateHome } = setup();
    const user = addUser("a");
    const someone = await people(...bulkScopes);
    const file = join(stateHome, "outcomes.ndjson");
    await applied(someone, [{ user, action: "clear" }], { report: file });
    const [entry] = someone.journal.entries(user);
    assert.deepEqual(entry?.before, { "user_metadata.picture": "https://old.acme.com/a.png" });
    assert.notEqual(entry.hashBefore, entry.hashAfter);
    assert.doesNotMatch(JSON.stringify(entry), /@acme/);
    const outcome = JSON.parse(readFileSync(file, "utf8")) as { outcome: string; after: object };
    assert.equal(outcome.outcome, "changed");
    assert.deepEqual(outcome.after, { picture: "https://img.acme.com/default.png", reason: "removed" });
    assert.ok(existsSync(file));
  });

  it("finds nothing to do the second time", async () => {
    const { tenant, people } = setup();
    const lines = [{ user: addUser("a"), action: "block", reason: "case 1" }];
    const someone = await people(...bulkScopes);
    await applied(someone, lines);
    const { updated_at: at } = tenant.users.get("auth0|a")!;
    assert.deepEqual(outcomesOf(await applied(someone, lines)), { unchanged: 1 });
    assert.equal(tenant.users.get("auth0|a")?.updated_at, at);
  });

  it("sends several imports, each below the limit", async () => {
    const { tenant, people } = setup();
    const users = Array.from({ length: 50 }, (_, index) => addUser(`u${index}`));
    const report = await applied(
      await people(...bulkScopes),
      users.map((user) => ({ user, action: "clear" })),
      { limits: { ...allByImport, importBytes: 1000 } },
    );
    assert.deepEqual(outcomesOf(report), { changed: 50 });
    assert.ok(users.every((user) => tenant.users.get(user)?.user_metadata?.["picture"] === ""));
    assert.ok(tenant.requests.count({ method: "POST", pathPrefix: "/api/v2/jobs/users-imports" }) >= 5);
  });
});
