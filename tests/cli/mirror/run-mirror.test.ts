import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { runMirror, type MirrorOptions } from "../../../cli/mirror/run-mirror.ts";
import { fingerprintOf } from "../../../policy/picture-copy.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { stackFolder } from "../audit/audited-stack.ts";

const picture = (n: number) => `https://lh3.googleusercontent.com/a/${n}`;

function user(n: number, more: Readonly<Record<string, unknown>> = {}) {
  const identities = [{ provider: "google-oauth2", connection: "google", user_id: String(n) }];
  return { user_id: `google-oauth2|${n}`, picture: picture(n), identities, ...more };
}

function copied(n: number, at: Date) {
  const url = `https://acme-dev.s3.eu-central-1.amazonaws.com/users/${"ab".repeat(16)}/copy-${"0".repeat(16)}.png`;
  return user(n, {
    app_metadata: { picture_copy: { of: fingerprintOf(picture(n)), url, at: at.toISOString() } },
  });
}

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60_000);

describe("pictures mirror, without --yes", () => {
  const folder = temporaryFolder();

  function run(users: readonly object[], options: MirrorOptions = {}) {
    const file = join(folder(), "users.ndjson.gz");
    writeFileSync(file, gzipSync(users.map((each) => `${JSON.stringify(each)}\n`).join("")));
    return runMirror({ stack: "dev", users: file, ...options }, stackFolder(folder()));
  }
  const counts = async (...args: Parameters<typeof run>) =>
    ((await run(...args)).json as { counts: Record<string, number> }).counts;

  for (const [option, value] of [
    ["limit", "0"],
    ["limit", "many"],
    ["maxAge", "-1"],
    ["maxAge", "1.5"],
  ] as const) {
    it(`refuses ${option} ${value}, before anything is read`, async () => {
      const code = option === "limit" ? "limit-unclear" : "max-age-unclear";
      const none = join(folder(), "none");
      await assert.rejects(run([], { users: none, [option]: value }), { code, name: "UsageError" });
    });
  }

  it("fails where a line of the file is no user", async () => {
    await assert.rejects(run([{ email: "jane@acme.com" }]), { code: "users-file-invalid" });
  });

  it("counts whose picture would be copied, by host, and why others' would not", async () => {
    const { exitCode, json, text } = await run([
      user(1),
      user(2, { picture: "https://s.gravatar.com/avatar/0f?s=480" }),
      user(3, { app_metadata: { picture_blocked: true } }),
      copied(4, daysAgo(40)),
    ]);
    assert.equal(exitCode, undefined);
    const google = { copied: 1, unchanged: 1, failed: 0, skipped: 0 };
    const gravatar = { copied: 1, unchanged: 0, failed: 0, skipped: 0 };
    const { notes, ...document } = json as Record<string, unknown>;
    assert.deepEqual(document, {
      stack: "dev",
      dryRun: true,
      run: null,
      counts: { copied: 2, unchanged: 1, failed: 0, skipped: 1 },
      hosts: { "lh3.googleusercontent.com": google, "s.gravatar.com": gravatar },
      reasons: { blocked: 1 },
      foretold: { requests: { auth0: 4, hosts: 3, s3: 2 }, seconds: 1 },
    });
    assert.match(String(notes), /Logins show no copies yet/);
    assert.match(text, /^2 would be copied, 1 unchanged, 0 failed, 1 skipped\.\n/);
    assert.match(text, /Nothing was changed: this was a dry run\. Add --yes to do it\.$/);
  });

  it("takes users of one connection, with copies that are old enough, and no more than --limit", async () => {
    const other = user(9, { identities: [{ provider: "waad", connection: "acme", user_id: "9" }] });
    const users = [other, copied(1, daysAgo(3)), copied(2, daysAgo(40)), user(3), user(4), user(5)];
    assert.deepEqual(await counts(users, { connection: "google", maxAge: "30", limit: "2" }), {
      copied: 1,
      unchanged: 1,
      failed: 0,
      skipped: 2,
    });
  });
});
