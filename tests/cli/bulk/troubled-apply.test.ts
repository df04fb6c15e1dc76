import assert from "node:assert/strict";
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

  it("writes everybody of a connection by PATCH that takes no import, and says why", async () => {
    setup().tenant.app.addHook("preHandler", async (request, reply) => {
      if (request.url !== imports) return undefined;
      const message = "This connection is not for imports";
      return reply.code(400).send({ statusCode: 400, error: "Bad Request", message });
    });
    addUser();
    const report = await applied(await someone(), clear);
    assert.equal(pictureOf("auth0|a"), "");
    assert.match(report.text, /takes no import.*not for imports/);
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
