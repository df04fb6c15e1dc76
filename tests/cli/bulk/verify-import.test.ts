import assert from "node:assert/strict";
import { undoRun } from "../../../cli/bulk/undo-run.ts";
import { blockUser } from "../../../cli/people/block-user.ts";
import type { CommandReport } from "../../../cli/command.ts";
import type { People } from "../../../cli/people/people.ts";
import { createProgress } from "../../../lib/progress.ts";
import type { JsonObject } from "../../../lib/json.ts";
import { peopleOfTenant } from "../people/tenant-people.ts";
import { allByImport, applied, bulkScopes, outcomesOf } from "./tenant-bulk.ts";

describe("an import that is read back", () => {
  const setup = peopleOfTenant();
  const old = "https://old.acme.com/a.png";
  const picture = "https://img.acme.com/users/new.png";
  const set = [{ user: "auth0|a", action: "set", url: picture }];
  const block = {
    picture_blocked: true,
    picture_block: { reason: "case 1", at: "2026-01-01T00:00:00.000Z", by: "x" },
  };

  beforeEach(() => {
    for (const id of ["a", "b"]) {
      setup().tenant.users.create({
        user_id: `auth0|${id}`,
        email: `${id}@acme.com`,
        email_verified: true,
        user_metadata: { theme: "dark", picture: old },
        app_metadata: { plan: "pro" },
      });
    }
  });

  const someone = (): Promise<People> => setup().people(...bulkScopes);
  const profile = () => setup().tenant.users.get("auth0|a")!;
  const write = (kind: "user_metadata" | "app_metadata", values: JsonObject) => {
    profile()[kind] = values;
  };

  /** Others write when the export after the import is asked for, or when its file is there. */
  function afterImport(others: () => void, when: "asked" | "file" = "asked"): void {
    let exports = 0;
    const { app } = setup().tenant;
    app.addHook("preHandler", (request, _reply, done) => {
      if (request.method === "POST" && request.url === "/api/v2/jobs/users-exports") {
        exports += 1;
        if (exports === 2 && when === "asked") others();
      }
      if (exports === 2 && when === "file" && request.url.startsWith("/exports/")) others();
      done();
    });
  }

  it("is an error that names the user where the change is lost, and is not made again", async () => {
    const others = "https://img.acme.com/users/others.png";
    afterImport(() => {
      write("user_metadata", { theme: "dark", picture: others });
    });
    const report = await applied(await someone(), [...set, { user: "auth0|b", action: "clear" }]);
    assert.deepEqual(outcomesOf(report), { changed: 1, failed: 1 });
    assert.equal(report.exitCode, 2);
    const { troubles } = report.json as { troubles: { user: string; code: string }[] };
    assert.deepEqual(
      troubles.map(({ user, code }) => [user, code]),
      [["auth0|a", "change-lost"]],
    );
    assert.match(report.text, /auth0\|a: The change of auth0\|a was made and is not there any more/);
    assert.equal(profile().user_metadata?.["picture"], others);
  });

  it("is not lost where only the export is older than the import", async () => {
    const now = structuredClone(profile());
    afterImport(() => {
      Object.assign(now, structuredClone(profile()));
      write("user_metadata", { theme: "dark", picture: old });
    });
    afterImport(() => {
      Object.assign(profile(), now);
    }, "file");
    assert.deepEqual(outcomesOf(await applied(await someone(), set)), { changed: 1 });
    assert.deepEqual(profile().user_metadata, { theme: "dark", picture });
  });

  it("carries nothing of app_metadata: what others write there meanwhile stays", async () => {
    setup().tenant.app.addHook("preHandler", (request, _reply, done) => {
      if (request.url === "/api/v2/jobs/users-imports") write("app_metadata", { plan: "free", seats: 3 });
      done();
    });
    const report = await applied(await someone(), set);
    assert.deepEqual(outcomesOf(report), { changed: 1 });
    assert.equal(report.exitCode, undefined);
    assert.deepEqual(profile().app_metadata, { plan: "free", seats: 3 });
  });

  it("leaves a block that pictures block sets on this machine before it has its effect, and says so", async () => {
    const block = async () => {
      const options = { reason: "case 2", probe: false, yes: true };
      return blockUser(await someone(), "auth0|a", options);
    };
    const blocks: CommandReport[] = [];
    setup().tenant.app.addHook("preHandler", async (request) => {
      if (request.url === "/api/v2/jobs/users-imports") blocks.push(await block());
    });
    const report = await applied(await someone(), [...set, { user: "auth0|b", action: "clear" }]);
    assert.match(blocks[0]?.text ?? "", /Done\./);
    assert.deepEqual(outcomesOf(report), { changed: 2 });
    assert.equal(report.exitCode, 2);
    assert.match(report.text, /1 user was blocked while this ran; the block stands\./);
    assert.match(report.text, /line 1, auth0\|a: Blocked while this ran .*case 2/);
    assert.equal(profile().app_metadata?.["picture_blocked"], true);
    assert.equal(profile().user_metadata?.["picture"], picture);
  });

  it("sets a block again that another program's import took away, and says so", async () => {
    write("app_metadata", { plan: "pro", ...block });
    afterImport(() => {
      write("app_metadata", { plan: "pro" });
    });
    const people = await someone();
    const report = await applied(people, set);
    assert.deepEqual(outcomesOf(report), { changed: 1 });
    assert.equal(report.exitCode, 2);
    assert.match(report.text, /1 block was gone afterwards and set again/);
    assert.equal((report.json as { blocksRestored: number }).blocksRestored, 1);
    assert.deepEqual(profile().app_metadata, { plan: "pro", ...block });
    await undoRun(people, (report.json as { run: string }).run, {
      yes: true,
      report: undefined,
      limits: allByImport,
      progress: createProgress({}, { write: () => undefined }),
    });
    assert.equal(profile().user_metadata?.["picture"], old);
    assert.deepEqual(profile().app_metadata, { plan: "pro", ...block });
  });

  it("leaves a block away that was lifted on purpose meanwhile", async () => {
    write("app_metadata", { plan: "pro", ...block });
    const lifted = {
      plan: "pro",
      picture_blocked: false,
      picture_block: { ...block.picture_block, unblockedAt: "2026-11-21T12:00:01.000Z", unblockedBy: "x" },
    };
    afterImport(() => {
      write("app_metadata", lifted);
    });
    assert.equal((await applied(await someone(), set)).exitCode, undefined);
    assert.deepEqual(profile().app_metadata, lifted);
  });

  it("writes the picture of a user who was blocked before, and keeps the block", async () => {
    write("app_metadata", { plan: "pro", ...block });
    const report = await applied(await someone(), set);
    assert.equal(report.exitCode, undefined);
    assert.match(report.text, /1 {2}blocked: the default image/);
    assert.equal(profile().user_metadata?.["picture"], picture);
    assert.deepEqual(profile().app_metadata, { plan: "pro", ...block });
  });

  it("does not lift a block that was set after the command began, and names the user", async () => {
    const at = "2026-11-21T12:00:01.000Z";
    write("app_metadata", { plan: "pro", ...block, picture_block: { ...block.picture_block, at } });
    const report = await applied(await someone(), [{ user: "auth0|a", action: "unblock" }]);
    assert.deepEqual(outcomesOf(report), { failed: 1 });
    assert.equal(report.exitCode, 2);
    assert.equal((report.json as { blockedMeanwhile: number }).blockedMeanwhile, 1);
    assert.match(report.text, /auth0\|a: Blocked while this ran .*the block stands/);
    assert.equal(profile().app_metadata?.["picture_blocked"], true);
  });
});
