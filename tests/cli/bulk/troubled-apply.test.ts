import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { People } from "../../../cli/people/people.ts";
import { undoLast } from "../../../cli/people/undo.ts";
import { peopleOfTenant } from "../people/tenant-people.ts";
import { applied, bulkScopes, outcomesOf } from "./tenant-bulk.ts";

describe("pictures apply where something goes wrong", () => {
  const setup = peopleOfTenant();
  const clear = [{ user: "auth0|a", action: "clear" }];
  const imports = "/api/v2/jobs/users-imports";

  function addUser(more: object = {}): void {
    const user = { user_id: "auth0|a", email: "a@acme.com", email_verified: true };
    setup().tenant.users.create({
      ...user,
      user_metadata: { picture: "https://old.acme.com/a.png" },
      ...more,
    });
  }

  const pictureOf = (user: string) => setup().tenant.users.get(user)?.user_metadata?.["picture"];
  const someone = (): Promise<People> => setup().people(...bulkScopes);

  it("says so where the import made a user anew whom somebody deleted at that moment", async () => {
    const { tenant } = setup();
    tenant.app.addHook("preHandler", (request, _reply, done) => {
      if (request.url === imports) tenant.users.delete("auth0|a");
      done();
    });
    addUser({ created_at: "2020-01-01T00:00:00.000Z" });
    const report = await applied(await someone(), clear);
    assert.deepEqual(outcomesOf(report), { failed: 1 });
    assert.equal(report.exitCode, 2);
    assert.match(report.text, /line 1, auth0\|a: .*delete it again/);
  });

  it("writes by PATCH whom the import refuses, and shows nobody's email", async () => {
    addUser({ email: "no email at all" });
    const people = await someone();
    const report = await applied(people, clear);
    assert.deepEqual(outcomesOf(report), { changed: 1 });
    assert.equal(pictureOf("auth0|a"), "");
    assert.doesNotMatch(JSON.stringify(report), /no email at all/);
    assert.equal(people.journal.entries("auth0|a").length, 1);
  });

  it("looks at everybody anew where more were refused than the job's errors name", async () => {
    setup().tenant.app.addHook("onSend", (request, _reply, payload, done) => {
      const isErrors = request.url.endsWith("/errors");
      done(null, isErrors ? "[]" : payload);
    });
    addUser({ email: "no email at all" });
    const report = await applied(await someone(), clear);
    assert.deepEqual(outcomesOf(report), { changed: 1 });
    assert.equal(pictureOf("auth0|a"), "");
  });

  it("sends no import of whom it is not known whether the email is verified", async () => {
    addUser({ email_verified: undefined });
    const report = await applied(await someone(), clear);
    assert.deepEqual(outcomesOf(report), { changed: 1 });
    assert.equal(setup().tenant.requests.count({ pathPrefix: imports }), 0);
    assert.equal(setup().tenant.users.get("auth0|a")?.email_verified, undefined);
  });

  it("changes nobody where the report cannot be written", async () => {
    addUser();
    const report = join(setup().stateHome, "none", "outcomes.ndjson");
    await assert.rejects(applied(await someone(), clear, { report }), { code: "report-not-writable" });
    assert.notEqual(pictureOf("auth0|a"), "");
  });

  it("keeps the run until its report is there", async function () {
    if (!existsSync("/dev/full")) this.skip();
    addUser();
    const people = await someone();
    const report = join(setup().stateHome, "outcomes.ndjson");
    await assert.rejects(applied(people, clear, { report: "/dev/full" }), { code: "report-not-writable" });
    assert.equal(pictureOf("auth0|a"), "");
    await applied(people, clear, { report });
    assert.match(readFileSync(report, "utf8"), /"outcome":"changed"/);
    assert.equal(statSync(report).mode & 0o777, 0o600);
  });

  it("does not write its report over the file of changes", async () => {
    addUser();
    const path = join(setup().stateHome, "changes.ndjson");
    writeFileSync(path, "");
    const report = join(setup().stateHome, ".", "changes.ndjson");
    await assert.rejects(applied(await someone(), clear, { path, report }), { code: "report-is-input" });
    assert.notEqual(pictureOf("auth0|a"), "");
  });

  it("writes everybody of a connection by PATCH that takes no import, and says why", async () => {
    setup().tenant.app.addHook("preHandler", async (request, reply) => {
      if (request.url !== imports) return undefined;
      const message = "This connection is not for imports";
      return reply.code(400).send({ statusCode: 400, error: "Bad Request", message });
    });
    addUser();
    const report = await applied(await someone(), clear);
    assert.equal(pictureOf("auth0|a"), "");
    assert.match(report.text, /does not accept imports.*not for imports/);
  });

  for (const prefix of ["", "auth0|"]) {
    it(`knows whom an import refused by ${prefix}ID, and who else was imported`, async () => {
      setup().tenant.app.addHook("onSend", (request, _reply, payload, done) => {
        const isErrors = request.url.endsWith("/errors") && typeof payload === "string";
        done(null, isErrors ? payload.replaceAll('"user_id":"', `"user_id":"${prefix}`) : payload);
      });
      addUser({ email: "no email at all" });
      addUser({ user_id: "auth0|b", email: "b@acme.com" });
      const report = await applied(await someone(), [...clear, { user: "auth0|b", action: "clear" }]);
      assert.deepEqual((report.json as { via: object }).via, { import: 1, patch: 1 });
    });
  }

  for (const path of ["/api/v2/connections", "/api/v2/jobs/*/errors"]) {
    it(`asks ${path} again where the connection breaks`, async () => {
      addUser({ email: "no email at all" });
      setup().tenant.faults.set([{ kind: "drop-before", path, times: 1 }]);
      assert.deepEqual(outcomesOf(await applied(await someone(), clear)), { changed: 1 });
    });
  }

  it("counts no refusals of users who are not in the file", async () => {
    setup().tenant.app.addHook("onSend", (request, _reply, payload, done) => {
      const isErrors = request.url.endsWith("/errors") && typeof payload === "string";
      done(null, isErrors ? payload.replaceAll('"user_id":"a"', '"user_id":"other"') : payload);
    });
    addUser({ email: "no email at all" });
    assert.deepEqual(outcomesOf(await applied(await someone(), clear)), { changed: 1 });
    assert.equal(pictureOf("auth0|a"), "");
  });

  it("writes by PATCH whose import failed twice", async () => {
    const { tenant } = setup();
    addUser();
    tenant.faults.set([{ kind: "failing-import" }]);
    const people = await someone();
    const report = await applied(people, clear);
    assert.deepEqual((report.json as { via: object }).via, { import: 0, patch: 1 });
    assert.equal(pictureOf("auth0|a"), "");
    assert.equal(tenant.requests.count({ method: "POST", pathPrefix: imports }), 2);
    assert.equal(people.journal.entries("auth0|a").length, 1);
  });

  it("writes by PATCH whose import is too large, and says so", async () => {
    const { tenant } = setup();
    tenant.app.addHook("preHandler", async (request, reply) =>
      request.url === imports ? reply.code(413).send({ statusCode: 413, message: "Too large" }) : undefined,
    );
    addUser();
    const people = await someone();
    const report = await applied(people, clear);
    assert.equal(pictureOf("auth0|a"), "");
    assert.match(report.text, /import of 1 users too large/);
    assert.equal(tenant.requests.count({ method: "POST", pathPrefix: imports }), 1);
    assert.equal(people.journal.entries("auth0|a").length, 1);
  });

  it("keeps the entries of two runs of the same file apart", async () => {
    addUser();
    const people = await someone();
    await applied(people, clear);
    setup().tenant.users.delete("auth0|a");
    addUser();
    await applied({ ...people, now: () => new Date("2026-11-22T12:00:00Z") }, clear);
    const entries = people.journal.entries("auth0|a");
    assert.deepEqual(
      [new Set(entries.map(({ id }) => id)).size, new Set(entries.map(({ run }) => run)).size],
      [2, 2],
    );
  });

  for (const kind of ["429", "500", "drop-before", "drop-after"] as const) {
    it(`goes on after ${kind} to an import, with the same result`, async () => {
      const { tenant } = setup();
      addUser();
      const people = await someone();
      tenant.faults.set([{ kind, path: imports, times: 1 }]);
      const report = await applied(people, clear);
      assert.deepEqual(outcomesOf(report), { changed: 1 });
      assert.equal(pictureOf("auth0|a"), "");
      assert.equal(people.journal.entries("auth0|a").length, 1);
    });
  }

  it("can be undone for a user who is named, and for nobody else", async () => {
    addUser();
    const people = await someone();
    await applied(people, clear);
    await assert.rejects(undoLast(people, undefined, true), { code: "undo-needs-user" });
    await undoLast(people, "auth0|a", true);
    assert.equal(pictureOf("auth0|a"), "https://old.acme.com/a.png");
  });
});
