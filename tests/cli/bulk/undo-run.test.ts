import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BulkOutcome } from "../../../cli/bulk/bulk-change.ts";
import { claimFolder } from "../../../cli/bulk/bulk-folder.ts";
import { bulkLimits } from "../../../cli/bulk/bulk-run.ts";
import type { RunTask } from "../../../cli/bulk/run-plan.ts";
import { undoRun } from "../../../cli/bulk/undo-run.ts";
import type { CommandReport } from "../../../cli/command.ts";
import { openJournal, type JournalEntry } from "../../../cli/people/journal.ts";
import type { People } from "../../../cli/people/people.ts";
import { undoLast } from "../../../cli/people/undo.ts";
import { createProgress } from "../../../lib/progress.ts";
import { peopleOfTenant } from "../people/tenant-people.ts";
import { allByImport, applied, bulkScopes, outcomesOf } from "./tenant-bulk.ts";

describe("pictures undo --run", () => {
  const setup = peopleOfTenant();
  const old = "https://old.acme.com/a.png";
  const imports = "/api/v2/jobs/users-imports";
  const lines = [
    { user: "auth0|a", action: "clear" },
    { user: "auth0|b", action: "set", url: "https://img.acme.com/users/b.png" },
    { user: "auth0|c", action: "block", reason: "case 1" },
    { user: "auth0|d", action: "unblock" },
  ];
  const users = lines.map(({ user }) => user);
  const block = { reason: "case 0", at: "2026-01-01T00:00:00.000Z", by: "abc" };

  beforeEach(() => {
    for (const user_id of users) {
      setup().tenant.users.create({
        user_id,
        email: `${user_id.slice(-1)}@acme.com`,
        email_verified: true,
        created_at: "2020-01-01T00:00:00.000Z",
        user_metadata: { theme: "dark", ...(user_id === "auth0|b" ? {} : { picture: old }) },
        app_metadata: {
          plan: "pro",
          ...(user_id === "auth0|d" ? { picture_blocked: true, picture_block: block } : {}),
        },
      });
    }
  });

  const someone = (): Promise<People> => setup().people(...bulkScopes);
  const metadata = () =>
    users.map((user) => {
      const { user_metadata, app_metadata } = setup().tenant.users.get(user) ?? {};
      return structuredClone({ user_metadata, app_metadata });
    });
  const writeAsOther = (user: string, picture: string) => {
    const profile = setup().tenant.users.get(user)!;
    profile.user_metadata = { ...profile.user_metadata, picture };
  };
  const runOf = ({ json }: CommandReport) => (json as { run: string }).run;
  const undone = (people: People, run: string, task: Partial<RunTask> = {}): Promise<CommandReport> =>
    undoRun(people, run, {
      yes: true,
      report: undefined,
      limits: allByImport,
      progress: createProgress({}, { write: () => undefined }),
      ...task,
    });
  const journalFile = () =>
    join(setup().stateHome, "auth0-user-pictures/journal", setup().tenant.domain, "2026-11.ndjson");
  const bulkFolder = () => join(setup().stateHome, "auth0-user-pictures/bulk", setup().tenant.domain);

  for (const [how, limits] of Object.entries({
    import: allByImport,
    "requests for each user": { ...bulkLimits, imports: false },
  })) {
    it(`restores by ${how} everything of every user, and leaves no folder`, async () => {
      const before = metadata();
      const people = await someone();
      const report = await applied(people, lines, { limits });
      assert.match(report.text, new RegExp(`pictures undo --run ${runOf(report)} --stack dev$`));
      assert.notDeepEqual(metadata(), before);
      const undo = await undone(people, runOf(report), { limits });
      assert.deepEqual(outcomesOf(undo), { changed: 4 });
      assert.equal(undo.exitCode, undefined);
      assert.deepEqual(metadata(), before);
      assert.deepEqual(readdirSync(bulkFolder()), []);
    });
  }

  it("changes nothing in a dry run, and says what it would restore", async () => {
    const people = await someone();
    const run = runOf(await applied(people, lines));
    const after = metadata();
    for (const limits of [allByImport, bulkLimits]) {
      const report = await undone(people, run, { yes: false, limits });
      assert.deepEqual(outcomesOf(report), { "would-change": 4 });
      assert.match(
        report.text,
        /wrote to 4 users[^]*4 would be restored[^]*auth0\|a: removed → https:\/\/old/,
      );
    }
    assert.deepEqual(metadata(), after);
  });

  it("leaves and lists whom others changed since, and names who is gone", async () => {
    const { tenant, stateHome } = setup();
    const people = await someone();
    const run = runOf(await applied(people, lines));
    writeAsOther("auth0|a", "https://img.acme.com/users/other.png");
    tenant.users.delete("auth0|c");
    const report = join(stateHome, "undo.ndjson");
    const undo = await undone(people, run, { report });
    assert.deepEqual(outcomesOf(undo), { changed: 2, left: 1, gone: 1 });
    assert.equal(undo.exitCode, 2);
    assert.match(undo.text, /auth0\|a: The picture was changed after the run/);
    assert.equal(
      tenant.users.get("auth0|a")?.user_metadata?.["picture"],
      "https://img.acme.com/users/other.png",
    );
    assert.equal(tenant.users.get("auth0|c"), undefined);
    const outcomes = readFileSync(report, "utf8").trimEnd().split("\n");
    const left = outcomes
      .map((text) => JSON.parse(text) as BulkOutcome)
      .filter(({ outcome }) => outcome === "left");
    assert.deepEqual(
      left.map(({ user, code }) => [user, code]),
      [["auth0|a", "changed-since"]],
    );
  });

  it("does not restore what forget took out of the journal, also where an undo was interrupted", async () => {
    const { tenant } = setup();
    const people = await someone();
    const run = runOf(await applied(people, lines));
    const failing = { ...people, journal: { ...people.journal, append: () => assert.fail("no more room") } };
    await assert.rejects(undone(failing, run), /no more room/);
    people.journal.forget("auth0|a");
    assert.doesNotMatch(readFileSync(journalFile(), "utf8"), /"auth0\|a".*old\.acme\.com/);
    const undo = await undone(people, run);
    assert.deepEqual(outcomesOf(undo), { changed: 3, left: 1 });
    assert.match(undo.text, /auth0\|a: The state before the run is not in the journal any more/);
    assert.equal(tenant.users.get("auth0|a")?.user_metadata?.["picture"], "");
    assert.deepEqual(readdirSync(bulkFolder()), []);
  });

  it("passes over a user who was undone alone, and the second time over everybody", async () => {
    const before = metadata();
    const people = await someone();
    const run = runOf(await applied(people, lines));
    await undoLast(people, "auth0|a", true);
    assert.deepEqual(outcomesOf(await undone(people, run)), { changed: 3, unchanged: 1 });
    assert.deepEqual(metadata(), before);
    assert.deepEqual(outcomesOf(await undone(people, run)), { unchanged: 4 });
  });

  it("is in each user's history, where undo of a user goes further back", async () => {
    const people = await someone();
    const run = runOf(await applied(people, lines));
    const undo = runOf(await undone(people, run));
    const [first, second] = people.journal.entries("auth0|a");
    assert.deepEqual([first?.run, second?.run, second?.command], [run, undo, "undo"]);
    assert.equal(second?.undoes, first?.id);
    await assert.rejects(undoLast(people, "auth0|a", true), { code: "nothing-to-undo" });
    await assert.rejects(undoLast(people, undefined, true), { code: "undo-needs-user" });
  });

  it("names the known runs where there is none of that id", async () => {
    const people = await someone();
    await assert.rejects(undone(people, "x"), { code: "run-unknown", message: /has no run of this tenant/ });
    const run = runOf(await applied(people, lines));
    await assert.rejects(undone(people, "../x"), {
      code: "run-unknown",
      message: new RegExp(`${run}  2026-11-21T12:00:00.000Z  apply, stack dev: changed 4 users`),
    });
  });

  it("refuses runs of another stack or tenant, and those that are undos", async () => {
    const people = await someone();
    const run = runOf(await applied(people, lines));
    await assert.rejects(undone({ ...people, stack: "prod" }, run), {
      code: "run-of-another-stack",
      message: /--stack dev/,
    });
    const other = { ...people, journal: openJournal("other.eu.auth0.com", people.env) };
    const access = { ...people.access, domain: "other.eu.auth0.com" };
    await assert.rejects(undone({ ...other, access }, run), {
      code: "run-of-another-tenant",
      message: new RegExp(setup().tenant.domain),
    });
    const undo = runOf(await undone(people, run));
    await assert.rejects(undone(people, undo), { code: "run-is-undo", message: /apply the file again/ });
  });

  it("refuses a run that has not come to its end, and takes back what it did once it is given up", async () => {
    const { tenant } = setup();
    const before = metadata();
    let answers = 0;
    tenant.app.addHook("onSend", (request, reply, payload, done) => {
      if (answers === 0 && request.url === imports) reply.code(403);
      if (request.url === imports) answers += 1;
      done(null, payload);
    });
    const people = await someone();
    await assert.rejects(applied(people, lines), { code: "auth0-forbidden" });
    const [entry] = people.journal.entries("auth0|a");
    const run = entry?.run ?? "";
    await assert.rejects(undone(people, run, { yes: false }), { code: "run-unfinished" });
    rmSync(join(bulkFolder(), run.slice(0, 20)), { recursive: true });
    const report = await undone(people, run);
    assert.match(report.text, /does not say that it came to its end/);
    assert.deepEqual(metadata(), before);
  });

  it("does not restore a user whose import Auth0 refused and whose PATCH was cut off", async () => {
    const people = await someone();
    const run = runOf(await applied(people, lines.slice(0, 1)));
    const [entry] = people.journal.entries("auth0|a");
    people.journal.append({
      at: "2026-11-22T00:00:00.000Z",
      failed: entry?.id ?? "",
      code: "import-refused",
    });
    assert.deepEqual(outcomesOf(await undone(people, run)), {});
  });

  it("takes the last of the writes that a run noted of a user", async () => {
    const before = metadata();
    const people = await someone();
    const run = runOf(await applied(people, lines));
    const [entry] = people.journal.entries("auth0|a");
    const text = readFileSync(journalFile(), "utf8");
    const earlier: JournalEntry = { ...entry!, hashAfter: "another", before: {} };
    writeFileSync(
      journalFile(),
      `${JSON.stringify(earlier)}\n${JSON.stringify({ ...earlier, id: "x" })}\n${text}`,
    );
    assert.deepEqual(outcomesOf(await undone(people, run)), { changed: 4 });
    assert.deepEqual(metadata(), before);
  });

  it("says how many users are missing in the journal, and does not restore what was changed there", async () => {
    const people = await someone();
    const run = runOf(await applied(people, lines));
    const kept = readFileSync(journalFile(), "utf8")
      .trimEnd()
      .split("\n")
      .filter((text) => !text.includes('"auth0|a"'))
      .map((text) => (text.includes('"auth0|c"') ? text.replace('"user_metadata', '"x') : text))
      .map((text) => (text.includes('"auth0|d"') ? text.replace("case 0", "case 9") : text));
    writeFileSync(journalFile(), `${kept.join("\n")}\n{"id":"torn`);
    const undo = await undone(people, run);
    assert.deepEqual(outcomesOf(undo), { changed: 2, left: 1 });
    assert.match(undo.text, /changed 1 more, who are missing in the journal/);
    assert.equal(undo.exitCode, 2);
    assert.equal((undo.json as { notInJournal: number }).notInJournal, 1);
  });

  it("knows no run any more where the journal is gone", async () => {
    const people = await someone();
    const run = runOf(await applied(people, lines));
    rmSync(journalFile());
    await assert.rejects(undone(people, run), { code: "run-unknown" });
  });

  it("keeps its own run until the report is there, and then continues it", async function () {
    if (!existsSync("/dev/full")) this.skip();
    const before = metadata();
    const people = await someone();
    const run = runOf(await applied(people, lines));
    await assert.rejects(undone(people, run, { report: "/dev/full" }), { code: "report-not-writable" });
    const again = await undone(people, run, { yes: false });
    assert.match(again.text, /An undo of this run was interrupted after 4 lines/);
    const other = await applied(people, [{ user: "auth0|gone", action: "clear" }], { yes: false });
    assert.match(
      other.text,
      new RegExp(`An undo of run ${run} was interrupted.*pictures undo --run ${run} --yes`),
    );
    assert.deepEqual(outcomesOf(await undone(people, run)), { changed: 4 });
    assert.deepEqual(metadata(), before);
  });

  it("is refused while another process changes many users", async () => {
    const people = await someone();
    const run = runOf(await applied(people, lines));
    mkdirSync(bulkFolder(), { recursive: true });
    const release = claimFolder(bulkFolder());
    await assert.rejects(undone(people, run), { code: "run-under-way" });
    release();
  });

  it("names whom its import made anew", async () => {
    const { tenant } = setup();
    let sent = 0;
    tenant.app.addHook("preHandler", (request, _reply, done) => {
      if (request.url === imports) sent += 1;
      if (request.url === imports && sent === 2) tenant.users.delete("auth0|a");
      done();
    });
    const people = await someone();
    const run = runOf(await applied(people, lines.slice(0, 1)));
    const undo = await undone(people, run);
    assert.deepEqual(outcomesOf(undo), { failed: 1 });
    assert.match(undo.text, /auth0\|a: .*delete it again/);
  });
});
