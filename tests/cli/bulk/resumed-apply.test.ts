import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BulkOutcome } from "../../../cli/bulk/bulk-change.ts";
import { bulkLimits } from "../../../cli/bulk/bulk-run.ts";
import type { People } from "../../../cli/people/people.ts";
import { peopleOfTenant } from "../people/tenant-people.ts";
import { applied, bulkScopes } from "./tenant-bulk.ts";

describe("pictures apply that goes on with a run", () => {
  const setup = peopleOfTenant();
  const clear = [{ user: "auth0|a", action: "clear" }];
  const imports = "/api/v2/jobs/users-imports";
  const old = "https://img.acme.com/users/0123456789abcdef0123/a.png";

  function addUser(): void {
    setup().tenant.users.create({
      user_id: "auth0|a",
      email: "a@acme.com",
      email_verified: true,
      created_at: "2020-01-01T00:00:00.000Z",
      user_metadata: { picture: old },
    });
  }

  /** Ends the run at the answer to the import, or at the one after that; the import is made. */
  async function endedAt(answer: "import" | "job"): Promise<People> {
    let answers = 0;
    const { tenant } = setup();
    tenant.app.addHook("onSend", (request, reply, payload, done) => {
      if (answers > 0 || request.url === imports) answers += 1;
      if (answers === (answer === "import" ? 1 : 2)) reply.code(403);
      done(null, payload);
    });
    const people = await setup().people(...bulkScopes);
    await assert.rejects(applied(people, clear), { code: "auth0-forbidden" });
    const isMade = () => tenant.users.get("auth0|a")?.user_metadata?.["picture"] === "";
    while (!isMade()) await sleep(10);
    return people;
  }

  /** The only line of the report of what the second process did. */
  async function goneOn(people: People, limits = { ...bulkLimits, oneByOne: 0 }): Promise<BulkOutcome> {
    const report = join(setup().stateHome, "outcomes.ndjson");
    await applied(people, clear, { report, limits });
    return JSON.parse(readFileSync(report, "utf8")) as BulkOutcome;
  }

  it("waits for an import that was noted, also where it is to make none itself", async () => {
    addUser();
    const people = await endedAt("job");
    const { requests } = setup().tenant;
    const { outcome, via, before } = await goneOn(people, { ...bulkLimits, imports: false });
    assert.deepEqual([outcome, via, before?.picture], ["changed", "import", old]);
    assert.equal(requests.count({ method: "PATCH" }), 0);
  });

  for (const limits of [
    { ...bulkLimits, oneByOne: 0 },
    { ...bulkLimits, imports: false },
  ]) {
    const how = limits.imports ? "an export" : "each user";
    it(`tells by ${how} what an import did whose answer was not heard`, async () => {
      addUser();
      const people = await endedAt("import");
      const { outcome, via, before, after } = await goneOn(people, limits);
      assert.deepEqual([outcome, via, before?.picture], ["changed", "import", old]);
      assert.equal(after?.reason, "removed");
      assert.equal(setup().tenant.requests.count({ method: "POST", pathPrefix: imports }), 1);
    });
  }

  it("has its user's id in its notes, and no email", async () => {
    addUser();
    await endedAt("job");
    const folder = join(setup().stateHome, "auth0-user-pictures", "bulk");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const notes = files.map((file) => readFileSync(join(file.parentPath, file.name), "latin1")).join("\n");
    assert.match(notes, /auth0\|a/);
    assert.doesNotMatch(notes, /@acme/);
  });

  it("is named by a run over another file, which waits for its import", async () => {
    addUser();
    const people = await endedAt("job");
    const { requests } = setup().tenant;
    const looks = () => requests.count({ method: "GET", pathPrefix: "/api/v2/jobs/job_" });
    const before = looks();
    const other = [{ user: "auth0|a", action: "set", url: old }];
    const report = await applied(people, other, { limits: bulkLimits });
    assert.match(report.text, /A run over another file was interrupted/);
    assert.equal(looks(), before + 1);
    assert.equal(setup().tenant.users.get("auth0|a")?.user_metadata?.["picture"], old);
  });

  it("names whom such an import made anew", async () => {
    const { tenant } = setup();
    tenant.app.addHook("preHandler", (request, _reply, done) => {
      if (request.url === imports) tenant.users.delete("auth0|a");
      done();
    });
    addUser();
    const people = await endedAt("import");
    const { outcome, code, message } = await goneOn(people);
    assert.deepEqual([outcome, code], ["failed", "made-anew"]);
    assert.match(message ?? "", /without a password/);
  });
});
