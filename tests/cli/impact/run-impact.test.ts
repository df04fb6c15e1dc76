import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { commitFlow } from "../../../cli/impact/commit-flow.ts";
import { finishReport, withReportFiles } from "../../../cli/impact/finish-report.ts";
import type { ImpactReport } from "../../../cli/impact/impact-report.ts";
import { mergeReports } from "../../../cli/impact/merge-reports.ts";
import { changedLimit } from "../../../cli/impact/options.ts";
import { runImpact, type ImpactRequest } from "../../../cli/impact/run-impact.ts";
import { projectRoot } from "../../../lib/project.ts";
import { scopesOf } from "../../../stack/client-capabilities.ts";
import type { SeedUser } from "../../../tenant/state/user.ts";
import { plain } from "../image/sample-images.ts";
import { rolledStack } from "../rollback/rolled-stack.ts";
import { databaseUser, lines } from "./impact-of.ts";

describe("pictures impact", () => {
  const stack = rolledStack();

  const folder = () => stack().env["PICTURES_STACK_FOLDER"]!;

  function file(name: string, content: string | Buffer): string {
    const path = join(folder(), name);
    writeFileSync(path, content);
    return path;
  }

  function run(request: Partial<ImpactRequest>) {
    return runImpact({
      stack: "local",
      users: undefined,
      against: "deployed",
      sample: 5,
      pairs: 1,
      env: stack().env,
      progress: { write: () => assert.fail("wrote progress to what is no terminal") },
      ...request,
    });
  }

  const reportOf = async (request: Partial<ImpactRequest>) => (await run(request)).json as ImpactReport;

  /** Another stack with the same values, but for what is given. */
  function otherStack(name: string, change: string): void {
    const own = readFileSync(join(folder(), "Pulumi.local.yaml"), "utf8");
    file(`Pulumi.${name}.yaml`, own.replace("gravatar: never", change));
  }

  const users = Array.from({ length: 400 }, (_, id) =>
    databaseUser(id, id % 2 === 0 ? { user_metadata: { picture: `https://img.acme.com/${id}.png` } } : {}),
  );

  it("refuses what it cannot use before it asks anybody", async () => {
    const before = stack().tenant.tenant.requests.count({});
    await assert.rejects(run({ users: "/nowhere/users.json" }), {
      code: "users-file-unreadable",
      name: "UsageError",
    });
    await assert.rejects(run({ html: "/nowhere/page.html" }), { code: "report-file-not-writable" });
    await assert.rejects(run({ changed: "/nowhere/ids" }), { code: "report-file-not-writable" });
    const part = { shard: { index: 1, of: 2 }, maxChanged: changedLimit("1%") };
    await assert.rejects(run(part), { code: "max-changed-of-part" });
    const empty = file("users.json", "");
    await assert.rejects(run({ users: empty, against: "nothing" }), { code: "against-unknown" });
    assert.equal(stack().tenant.tenant.requests.count({}), before);
  });

  it("needs no credentials to compare two stacks over a file", async () => {
    otherStack("keep", "gravatar: keep");
    const { PICTURES_STACK_FOLDER } = stack().env;
    const file200 = file("users.json", lines(...users.slice(0, 200)));
    const report = await reportOf({ users: file200, against: "keep", env: { PICTURES_STACK_FOLDER } });
    assert.equal(report.users, 200);
  });

  it("says where a packed file breaks off", async () => {
    const packed = gzipSync(lines(...users));
    const broken = file("users.json.gz", packed.subarray(0, packed.length - 20));
    otherStack("keep", "gravatar: keep");
    await assert.rejects(run({ users: broken, against: "keep" }), {
      code: "users-file-unreadable",
      name: "UsageError",
    });
  });

  it("needs no more than its capability, and compares an export with what is deployed", async () => {
    const { tenant, action } = stack();
    for (const [id, user] of users.slice(0, 6).entries()) {
      tenant.tenant.users.create({ ...user, email: `${id}@acme.com` } as SeedUser);
    }
    const bindings = await Promise.all(
      ["default-picture", "user-picture"].map(async (name) => ({
        ref: { type: "action_id", value: (await action(name)).id },
      })),
    );
    await tenant.api("PATCH", "/actions/triggers/post-login/bindings", { bindings });
    const { PICTURES_STACK_FOLDER, AUTH0_DOMAIN } = stack().env;
    const AUTH0_API_TOKEN = await tenant.tokenWith(...scopesOf(["impact"]));
    const env = { PICTURES_STACK_FOLDER, AUTH0_DOMAIN, AUTH0_API_TOKEN };
    const report = await reportOf({ env });
    assert.equal(report.old.origin.from, "deployed");
    assert.deepEqual(
      report.old.actions.map(({ name }) => name),
      ["default-picture", "user-picture"],
    );
    assert.equal(report.users, 6);
    // Deployed is the policy's default for Gravatars; the stack's file says never.
    assert.deepEqual(report.oldReasons, {
      "gravatar-fallback": { users: 3, changed: 3 },
      user: { users: 3, changed: 0 },
    });
    assert.equal(report.newReasons["gravatar-never"]?.users, 3);
    assert.doesNotMatch(JSON.stringify(report), /@acme/);
  });

  it("ends with 2 where more pictures change than may", async () => {
    otherStack("keep", "gravatar: keep");
    const request = { users: file("users.json", lines(...users)), against: "keep" };
    const exitCodes = [];
    for (const limit of ["50%", "49.9%", "200", "199", "0"]) {
      const { exitCode } = await run({ ...request, maxChanged: changedLimit(limit) });
      exitCodes.push(exitCode);
    }
    assert.deepEqual(exitCodes, [0, 2, 0, 2, 2]);
    const groups = [{ old: "kept", new: "login fails", connection: "", users: 1, changed: 1 }];
    assert.equal(changedLimit("100%").isExceeded({ users: 9, changed: 1, groups }), true);
    for (const wrong of ["", "1.5", "-1", "101%", "a%"]) assert.throws(() => changedLimit(wrong));
  });

  it("compares shares exactly", () => {
    const isExceeded = (limit: string, changed: number) =>
      changedLimit(limit).isExceeded({ users: 10_000, changed, groups: [] });
    assert.equal(isExceeded("0.57%", 57), false);
    assert.equal(isExceeded("0.57%", 58), true);
    assert.equal(isExceeded("100%", 10_000), false);
    assert.equal(isExceeded("0.0000000000000000001%", 1), true);
  });

  it("takes no users for no answer where there is a limit", async () => {
    otherStack("keep", "gravatar: keep");
    const request = { users: file("users.json", ""), against: "keep" };
    await assert.rejects(run({ ...request, maxChanged: changedLimit("1%") }), { code: "users-none" });
    assert.equal((await run(request)).exitCode, 0);
  });

  it("gives the same report of a packed file, and lists all whose picture changes", async () => {
    otherStack("keep", "gravatar: keep");
    const plain = file("users.json", lines(...users));
    const packed = file(
      "users.json.gz",
      Buffer.concat([gzipSync(lines(...users.slice(0, 9))), gzipSync(lines(...users.slice(9)))]),
    );
    const changed = join(folder(), "changed");
    const one = await reportOf({ users: plain, against: "keep", changed });
    const two = await reportOf({ users: packed, against: "keep" });
    assert.deepEqual(two, one);
    const ids = readFileSync(changed, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as string);
    assert.deepEqual(
      ids,
      users.filter((_, id) => id % 2 === 1).map(({ user_id }) => user_id),
    );
  });

  it("merges the reports of all parts to the report of the whole, and no others", async () => {
    otherStack("keep", "gravatar: keep");
    const request = { users: file("users.json", lines(...users)), against: "keep", sample: 4 };
    const whole = await reportOf(request);
    const parts: string[] = [];
    for (const index of [1, 2, 3]) {
      const part = await reportOf({ ...request, shard: { index, of: 3 } });
      parts.push(file(`part-${index}.json`, JSON.stringify(part)));
    }
    assert.equal(JSON.stringify(mergeReports([...parts].reverse())), JSON.stringify(whole));
    assert.throws(() => mergeReports(parts.slice(1)), { code: "reports-incomplete", message: /check 1/ });
    assert.throws(() => mergeReports([...parts, parts[0]!]), { code: "reports-incomplete" });
    const other = await reportOf({ ...request, sample: 1, shard: { index: 3, of: 3 } });
    assert.throws(() => mergeReports([parts[0]!, parts[1]!, file("other.json", JSON.stringify(other))]), {
      code: "reports-differ",
    });
    assert.throws(() => mergeReports([file("whole.json", JSON.stringify(whole))]), {
      code: "report-unreadable",
    });
    assert.throws(() => mergeReports([file("junk.json", "{}")]), { code: "report-unreadable" });
  });

  it("keeps users and connections out of the summary, and shows pictures on the page", async () => {
    otherStack("keep", "gravatar: keep");
    const [html, summary] = [join(folder(), "page.html"), join(folder(), "summary.md")];
    const { text } = await run({
      users: file("users.json", lines(...users)),
      against: "keep",
      html,
      summary,
    });
    const markdown = readFileSync(summary, "utf8");
    assert.match(markdown, /changes for 200 \(50\.0 %\) of 400 users/);
    assert.match(markdown, /\| kept \| gravatar-never \| 200 \| 200 \|/);
    assert.doesNotMatch(markdown, /auth0\||Username|https?:/);
    assert.match(text, /200 {2}kept → gravatar-never/);
    const page = readFileSync(html, "utf8");
    assert.equal(page.match(/<figure>/g)?.length, 10);
    assert.equal(page.match(/src="data:image\/webp;base64/g)?.length, 5);
    assert.doesNotMatch(page, /<script|src="http/);
  });

  it("puts the examples' pictures on the page where they may be fetched", async () => {
    otherStack("keep", "gravatar: keep");
    const html = join(folder(), "page.html");
    const picture = await plain("red", 300, 300).png().toBuffer();
    const asked: string[] = [];
    const fetchPicture = (url: string) => {
      asked.push(url);
      return url.includes("/1?") ? Promise.reject(new Error("gone")) : Promise.resolve(picture);
    };
    const request = { users: file("users.json", lines(...users)), against: "keep", sample: 3, html };
    const { json } = await run({ ...request, fetchPicture });
    const wanted = (json as ImpactReport).examples.map((example) => example.old.picture);
    assert.deepEqual(asked.sort(), wanted.sort());
    const page = readFileSync(html, "utf8");
    assert.equal(page.match(/src="data:image\/webp;base64/g)?.length, 6);
  });

  it("leaves nothing of a page where a run fails", async () => {
    otherStack("keep", "gravatar: keep");
    const html = file("page.html", "the former page");
    await assert.rejects(run({ users: file("users.json", "junk"), against: "keep", html }), {
      code: "users-file-invalid",
    });
    assert.equal(readFileSync(html, "utf8"), "the former page");
    assert.deepEqual(
      readdirSync(folder()).filter((name) => name.startsWith("page.html")),
      ["page.html"],
    );
  });

  it("leaves all users out where no sample is wanted", async () => {
    otherStack("keep", "gravatar: keep");
    const { text, json } = await run({
      users: file("users.json", lines(...users)),
      against: "keep",
      sample: 0,
    });
    assert.doesNotMatch(text + JSON.stringify(json), /auth0\|/);
  });

  it("warns of an export without the fields that the Actions look at", async () => {
    otherStack("keep", "gravatar: keep");
    const bare = users.map(({ user_id, picture }) => ({ user_id, picture }));
    const { text } = await run({ users: file("users.json", lines(...bare)), against: "keep" });
    assert.match(text, /No user has user_metadata/);
  });

  it("writes a merged report's files as well", async () => {
    otherStack("keep", "gravatar: keep");
    const shard = { index: 1, of: 1 };
    const part = await reportOf({ users: file("users.json", lines(...users)), against: "keep", shard });
    const summary = join(folder(), "summary.md");
    const merged = mergeReports([file("part.json", JSON.stringify(part))]);
    const { exitCode } = await withReportFiles({ summary }, (files) =>
      finishReport(merged, files, changedLimit("10%")),
    );
    assert.equal(exitCode, 2);
    const markdown = readFileSync(summary, "utf8");
    assert.match(markdown, /200 \(50\.0 %\)/);
    assert.match(markdown, /^> That is more than --max-changed 10% allows\.$/m);
  });

  it("compares with the Actions that a commit's own program makes, and refuses what is none", async function () {
    const root = join(folder(), "repository");
    for (const name of [
      "actions",
      "assets",
      "cli",
      "auth0",
      "lib",
      "loader",
      "policy",
      "stack",
      "package.json",
      "package-lock.json",
      "Pulumi.dev.yaml",
      "Pulumi.yaml",
    ]) {
      cpSync(join(projectRoot, name), join(root, name), { recursive: true });
    }
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@acme.com", ...args], {
        cwd: root,
        stdio: "pipe",
      });
    git("init", "--quiet");
    const entry = join(root, "actions", "default-picture.ts");
    writeFileSync(
      entry,
      readFileSync(entry, "utf8").replace("// A login is never", "console.log(1); // A login is never"),
    );
    git("add", ".");
    git("commit", "--quiet", "--no-verify", "-m", "First");
    const flow = await commitFlow("HEAD", "dev", {}, root);
    assert.deepEqual(
      flow.actions.map(({ name }) => name),
      ["default-picture", "user-picture"],
    );
    assert.match(flow.actions[0]!.code, /console\.log\(1\)/);
    assert.match(flow.actions[0]!.code, /^\/\/ default-picture: made by/);
    await assert.rejects(commitFlow("HEAD", "no-such-stack", {}, root), { code: "commit-unusable" });
    await assert.rejects(commitFlow("nothing", "dev", {}, root), { code: "commit-unusable" });
    writeFileSync(entry, "syntax error");
    git("commit", "--quiet", "--no-verify", "-am", "Second");
    await assert.rejects(commitFlow("HEAD", "dev", {}, root), { code: "commit-unusable" });
  });
});
