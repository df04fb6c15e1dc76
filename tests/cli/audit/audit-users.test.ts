import assert from "node:assert/strict";
import { S3Client } from "@aws-sdk/client-s3";
import { exportUsers } from "../../../auth0/jobs.ts";
import type { User } from "../../../auth0/user.ts";
import { auditReport, describeAudit } from "../../../cli/audit/audit-report.ts";
import { auditUsers, type AuditTask } from "../../../cli/audit/audit-users.ts";
import type { Finding } from "../../../cli/people/finding.ts";
import { fingerprintOf } from "../../../policy/picture-copy.ts";
import { createProgress } from "../../../lib/progress.ts";
import { peopleOfTenant, settings } from "../people/tenant-people.ts";

const own = (picture: string | number) => ({ user_metadata: { picture } });
const google = (n: number) => ({
  user_id: `google-oauth2|${n}`,
  email: `user${n}@acme.com`,
  picture: `https://lh3.googleusercontent.com/a/${n}`,
  identities: [{ provider: "google-oauth2", connection: "google-oauth2", user_id: String(n) }],
});

/** One of each kind, and what an audit should say of them. */
const users: User[] = [
  google(1),
  { ...google(2), ...own("http://img.acme.com/2.png") },
  { ...google(3), ...own("https://img.acme.com/users/3.png") },
  { ...google(4), ...own("https://cdn.example.org/4.png") },
  { ...google(5), ...own(7) },
  {
    ...google(6),
    app_metadata: { picture_blocked: true, picture_block: { reason: "rude", at: "2026-11-01T10:00:00Z" } },
  },
  { ...google(7), picture: "http://img.acme.com/7.png" },
  { ...google(8), ...own("") },
];

// eslint-disable-next-line @typescript-eslint/require-await -- what streams is asynchronous
async function* stream(all: Iterable<User>): AsyncGenerator<User> {
  yield* all;
}

/** An S3 client that lists these keys and notes what it was asked. */
function bucketWith(keys: () => readonly string[], sent: string[] = []): S3Client {
  const s3 = new S3Client({
    region: "eu-central-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  s3.middlewareStack.add(
    (_next, { commandName = "" }) =>
      () => {
        sent.push(commandName);
        return Promise.resolve({
          output: { $metadata: {}, Contents: keys().map((Key) => ({ Key })) },
          response: {},
        });
      },
    { step: "initialize" },
  );
  return s3;
}

describe("an audit of all users", () => {
  async function audited(source: AsyncIterable<User>, options: Partial<AuditTask> = {}) {
    const findings: Finding[] = [];
    const audit = await auditUsers({
      now: new Date("2026-11-21T12:00:00Z"),
      users: source,
      settings,
      config: { imageBucket: "acme", awsRegion: "eu-central-1", imageBaseUrl: "https://img.acme.com" },
      onFinding: (finding) => findings.push(finding),
      progress: createProgress({}, { write: () => assert.fail("no terminal") }),
      ...options,
    });
    const report = auditReport({ stack: "dev", at: "2026-11-21T12:00:00.000Z", isFile: false }, audit);
    return { report, findings, text: describeAudit(report) };
  }

  it("counts by reason and finding, names examples, and knows where pictures are", async () => {
    const { report } = await audited(stream(users));
    assert.equal(report.users, 8);
    assert.deepEqual(
      report.reasons.map(({ reason, users: count }) => [reason, count]),
      [
        ["kept", 3],
        ["user", 2],
        ["blocked", 1],
        ["normalised", 1],
        ["removed", 1],
      ],
    );
    assert.deepEqual(report.findings, [
      finding("own-http", null, 2, "http://img.acme.com/2.png"),
      finding("own-invalid", "not-text", 5, null),
    ]);
    assert.deepEqual(report.connections, {
      top: [
        {
          connection: "google-oauth2",
          users: 8,
          reasons: report.reasons.map(({ reason, users: count }) => ({ reason, users: count })),
        },
      ],
      missed: 0,
    });
    assert.deepEqual(report.blocked, [
      { userId: "google-oauth2|6", at: "2026-11-01T10:00:00Z", reason: "rude" },
    ]);
    assert.deepEqual(report.hosts, {
      own: { users: 1, top: [{ host: "cdn.example.org", users: 1 }], missed: 0 },
      original: {
        users: 4,
        top: [
          { host: "lh3.googleusercontent.com", users: 3 },
          { host: "img.acme.com", users: 1 },
        ],
        missed: 0,
      },
    });
    assert.deepEqual([report.probed, report.files], [null, null]);
  });

  function finding(kind: string, cause: string | null, n: number, address: string | null) {
    return { finding: kind, cause, users: 1, examples: [{ userId: `google-oauth2|${n}`, address }] };
  }

  it("says the same for people, with what to do and without emails", async () => {
    const { text, report } = await audited(stream(users));
    assert.match(text, /^8 users of stack dev/);
    assert.match(text, /37\.5 % {2}kept: the root picture/);
    assert.match(
      text,
      /own-invalid: logins ignore the own picture; it is not a string \(not-text\)\n.*Set another/,
    );
    assert.match(text, /google-oauth2\|5/);
    assert.doesNotMatch(text + JSON.stringify(report), /@/);
  });

  it("says so where nothing needs attention", async () => {
    const { text, report } = await audited(stream([google(1)]));
    assert.deepEqual(report.findings, []);
    assert.match(text, /^1 user of stack dev\./);
    assert.match(text, /Nothing needs attention\.$/);
    assert.deepEqual(report.warnings, []);
  });

  it("says so where there is nobody", async () => {
    const { text, report } = await audited(stream([]));
    assert.deepEqual(report.warnings, ["There are no users: nothing was checked."]);
    assert.match(
      text,
      /^0 users of stack dev[^]*NOT COMPLETE:\n {2}There are no users: nothing was checked\.$/,
    );
    assert.doesNotMatch(text, /Nothing needs attention/);
  });

  it("names a few users, however many there are, and gives every finding as it comes", async () => {
    const many = Array.from({ length: 1234 }, (_, n) => ({ ...google(n), ...own(n) }));
    const { report, findings, text } = await audited(stream(many));
    assert.equal(findings.length, 1234);
    assert.equal(report.findings[0]?.users, 1234);
    assert.equal(report.findings[0].examples.length, 20);
    assert.match(text, /google-oauth2\|4, and 1,229 more/);
  });

  it("tells of copies that are stale, not ours, or gone from the bucket, and counts those that logins show", async () => {
    const withCopy = (n: number, url: string, of = google(n).picture) => ({
      ...google(n),
      app_metadata: { picture_copy: { of: fingerprintOf(of), url, at: "2026-11-20T02:00:00.000Z" } },
    });
    const copied = [
      withCopy(1, "https://img.acme.com/users/1.png"),
      withCopy(2, "https://img.acme.com/users/2.png"),
      withCopy(3, "https://img.acme.com/users/3.png", google(4).picture),
      withCopy(4, "https://cdn.example.org/4.png"),
    ];
    const asked: string[] = [];
    const { report, text } = await audited(stream(copied), {
      settings: { ...settings, copies: "show" },
      s3: bucketWith(() => ["users/1.png", "users/3.png"]),
      probe: {
        probe: (url) => Promise.resolve(void asked.push(url)),
        clock: { sleep: () => assert.fail("no reason to wait") },
      },
    });
    assert.deepEqual(report.findings, [
      finding("copy-file-missing", null, 2, "https://img.acme.com/users/2.png"),
      finding("copy-not-ours", null, 4, "https://cdn.example.org/4.png"),
      finding("copy-stale", null, 3, "https://img.acme.com/users/3.png"),
    ]);
    assert.deepEqual(
      report.reasons.map(({ reason, users: count }) => [reason, count]),
      [
        ["copy", 2],
        ["kept", 2],
      ],
    );
    assert.match(text, /2 {2}[0-9. ]+% {2}copy: our copy of the root picture/);
    assert.equal(report.hosts.original.users, 2);
    assert.deepEqual(asked, []);
  });

  it("fetches the pictures that logins show, where it is meant to", async () => {
    const asked: string[] = [];
    const probe = (url: string) => Promise.resolve(void asked.push(url));
    const clock = { sleep: () => assert.fail("no reason to wait") };
    const { report } = await audited(stream(users), { probe: { probe, clock } });
    assert.deepEqual(asked.toSorted(), ["https://cdn.example.org/4.png", "https://img.acme.com/users/3.png"]);
    assert.equal(report.probed, 2);
  });

  it("names who has no file, unless it came while the users were read", async () => {
    const withFile = (n: number) => ({ ...google(n), ...own(`https://img.acme.com/users/${n}.png`) });
    const sent: string[] = [];
    const bucket = ["users/1.png", "users/old.png"];
    const s3 = bucketWith(() => bucket, sent);
    // eslint-disable-next-line @typescript-eslint/require-await -- what streams is asynchronous
    async function* duringTheExport() {
      yield withFile(1);
      bucket.splice(0, 2, "users/2.png");
      yield withFile(2);
      yield withFile(3);
    }
    const probedUrls: string[] = [];
    const probe = (url: string) => Promise.resolve(void probedUrls.push(url));
    const { report } = await audited(duringTheExport(), {
      s3,
      probe: { probe, clock: { sleep: () => assert.fail("no reason to wait") } },
    });
    assert.deepEqual(report.findings, [
      finding("own-file-missing", null, 3, "https://img.acme.com/users/3.png"),
    ]);
    assert.equal(report.files, 1);
    assert.deepEqual(probedUrls.toSorted(), [
      "https://img.acme.com/users/1.png",
      "https://img.acme.com/users/2.png",
    ]);
    assert.deepEqual(sent, ["ListObjectsV2Command", "ListObjectsV2Command"]);
  });

  describe("of a tenant", () => {
    const setup = peopleOfTenant();

    it("reads them through an export job", async () => {
      const people = await setup().people("read:users");
      setup().tenant.users.create({ user_id: "auth0|1", ...own("http://img.acme.com/1.png") });
      setup().tenant.users.create({ user_id: "auth0|2" });
      const { report } = await audited(exportUsers(people.access));
      assert.equal(report.users, 2);
      assert.deepEqual(
        report.findings.map(({ finding: kind, examples }) => [kind, examples[0]?.userId]),
        [["own-http", "auth0|1"]],
      );
    });
  });
});
