import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bulkLimits } from "../../../cli/bulk/bulk-run.ts";
import { peopleOfTenant } from "../people/tenant-people.ts";
import { allByImport, applied, bulkScopes, outcomesOf } from "./tenant-bulk.ts";

const database = "Username-Password-Authentication";

describe("pictures apply with ids of linked identities", () => {
  const setup = peopleOfTenant();

  beforeEach(async () => {
    const { tenant, api } = setup();
    for (const id of ["88", "89"])
      tenant.users.create({ user_id: `auth0|${id}`, email: `${id}@acme.com`, email_verified: true });
    tenant.users.create({ user_id: "google-oauth2|77" });
    await api("POST", "/users/auth0%7C88/identities", { provider: "google-oauth2", user_id: "77" });
    assert.equal(tenant.users.get("google-oauth2|77"), undefined);
  });

  const byExport = { searchedIds: 0 };
  for (const [how, limits] of [
    ["searches", bulkLimits],
    ["an export", { ...bulkLimits, ...byExport }],
    ["an export, and imports", { ...allByImport, ...byExport }],
  ] as const) {
    it(`finds them by ${how}, and reports the primary id`, async () => {
      const { tenant, people, stateHome } = setup();
      const lines = [
        { user: "google-oauth2%7C77", action: "clear" },
        { user: "auth0|89", action: "clear" },
        { user: "google-oauth2|78", action: "clear" },
      ];
      const dry = await applied(await people("read:users"), lines, { yes: false, limits });
      assert.deepEqual(outcomesOf(dry), { "would-change": 2, gone: 1 });
      assert.match(dry.text, /google-oauth2\|77 is linked to auth0\|88/);
      assert.match(dry.text, /line 3, google-oauth2\|78: no such user, and no linked identity/);
      assert.match(dry.text, how === "searches" ? /found by 1 search/ : /found by an export/);
      const file = join(stateHome, "report.ndjson");
      const report = await applied(await people(...bulkScopes), lines, { limits, report: file });
      assert.deepEqual(outcomesOf(report), { changed: 2, gone: 1 });
      assert.equal(tenant.users.get("auth0|88")?.user_metadata?.["picture"], "");
      const outcomes = readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.deepEqual(outcomes.map(({ line, user, linkedId }) => [line, user, linkedId]).toSorted(), [
        [1, "auth0|88", "google-oauth2|77"],
        [2, "auth0|89", undefined],
        [3, "google-oauth2|78", undefined],
      ]);
    });

    it(`refuses two lines of one user, found by ${how}`, async () => {
      const { tenant, people } = setup();
      const lines = [
        { user: "auth0|88", action: "clear" },
        { user: "auth0|89", action: "clear" },
        { user: "google-oauth2|77", action: "clear" },
      ];
      const report = await applied(await people(...bulkScopes), lines, { limits });
      const { problems } = report.json as { problems: { line: number; code: string; message: string }[] };
      assert.deepEqual(
        problems.map(({ line, code }) => [line, code]),
        [[3, "user-twice"]],
      );
      assert.match(problems[0]?.message ?? "", /Line 1 .*google-oauth2\|77 is linked to auth0\|88/);
      assert.equal(tenant.requests.count({ method: "PATCH" }), 0);
    });
  }

  it("refuses two linked ids of one user", async () => {
    const { tenant, people } = setup();
    tenant.users.create({
      user_id: "auth0|90",
      identities: [
        { user_id: "90", provider: "auth0", connection: database },
        { user_id: "1", provider: "github", connection: "github" },
        { user_id: "1", provider: "google-oauth2", connection: "google-oauth2" },
      ],
    });
    const lines = ["github|1", "google-oauth2|1"].map((user) => ({ user, action: "clear" }));
    const { json } = await applied(await people(...bulkScopes), lines, { limits: bulkLimits });
    const { problems } = json as { problems: { code: string }[] };
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["user-twice"],
    );
  });

  it("asks no more than a search for each twenty lines", async () => {
    const { tenant, people } = setup();
    const access = await people("read:users");
    const lines = Array.from({ length: 41 }, (_, index) => ({ user: `auth0|none${index}`, action: "clear" }));
    await applied(access, lines, { yes: false, limits: bulkLimits });
    const reads = { method: "GET", pathPrefix: "/api/v2/users" };
    assert.equal(
      tenant.requests.count(reads) - tenant.requests.count({ ...reads, pathPrefix: "/api/v2/users/" }),
      3,
    );
  });

  it("says when addresses end", async () => {
    const { people } = setup();
    const url = "https://media.licdn.com/dms/image/a?e=1900000000";
    const lines = [
      { user: "auth0|88", action: "set", url },
      { user: "auth0|89", action: "clear" },
    ];
    const note = /1 URL ends, as its own parameters say: line 1 on 2030-03-17 17:46 UTC/;
    const dry = await applied(await people("read:users"), lines, { yes: false, limits: bulkLimits });
    assert.match(dry.text, note);
    assert.match((await applied(await people(...bulkScopes), lines, { limits: bulkLimits })).text, note);
  });
});
