import assert from "node:assert/strict";
import { mock } from "node:test";
import type { User } from "../../../auth0/user.ts";
import { exportUsers } from "../../../auth0/jobs.ts";
import { undoRun } from "../../../cli/bulk/undo-run.ts";
import { bulkLimits } from "../../../cli/bulk/bulk-run.ts";
import { createCopyWriter } from "../../../cli/mirror/write-copy.ts";
import { pollUntil } from "../../../lib/clock.ts";
import { createProgress } from "../../../lib/progress.ts";
import { fingerprintOf, type PictureCopy } from "../../../policy/picture-copy.ts";
import { lockHolders } from "../held-tenant.ts";
import { plain } from "../image/sample-images.ts";
import { mirrorWorld } from "./mirror-world.ts";

describe("a run of pictures mirror --yes", () => {
  let red: Buffer;
  let blue: Buffer;
  let current: Buffer;
  let busy: number;
  const world = mirrorWorld((request, response) => {
    const path = request.url?.split("?")[0] ?? "";
    const send = (more: Record<string, string> = {}) =>
      response.writeHead(200, { "content-type": "image/png", ...more }).end(current);
    const etag = `"${current.length}"`;
    if (path === "/busy" && busy-- > 0) return response.writeHead(429, { "retry-after": "1" }).end();
    if (path === "/refused") return response.writeHead(403).end();
    if (path === "/private") return response.writeHead(302, { location: "https://10.0.0.7/a.png" }).end();
    if (path === "/huge")
      return response
        .writeHead(200, { "content-type": "image/png" })
        .end(Buffer.concat([current, Buffer.alloc(6_000_000)]));
    if (path === "/broken")
      return response.writeHead(200, { "content-type": "image/png" }).end(current.subarray(0, 60));
    if (path === "/plain") return send();
    return request.headers["if-none-match"] === etag ? response.writeHead(304).end() : send({ etag });
  });

  before(async () => {
    [red, blue] = await Promise.all([
      plain("red").png().toBuffer(),
      plain("blue").resize(80).png().toBuffer(),
    ]);
  });
  beforeEach(() => {
    current = red;
    busy = 2;
  });

  const url = (path: string) => `${world().host.origin}/${path}`;
  const noted = async (id: string) =>
    ((await world().user(id))["app_metadata"] as { picture_copy?: PictureCopy } | undefined)?.picture_copy;
  const all = () => exportUsers(world().people.access);

  it("does nothing without the scope to note copies", async () => {
    const { people, mirror } = world();
    Object.assign(people.access, { scopes: ["read:users"] });
    await assert.rejects(mirror([]), { code: "scope-missing" });
  });

  it("copies nothing that its source refuses, that is no picture, or that leads to a private address", async () => {
    const { addUser, mirror, keys } = world();
    const paths = ["refused", "private", "huge", "broken"];
    const ids = paths.map((path, n) => addUser(n, url(path)));
    const { counts, reasons } = await mirror(all());
    assert.deepEqual(counts, { copied: 0, unchanged: 0, failed: 4, skipped: 0 });
    const codes = ["http-403", "picture-url-not-public", "picture-url-too-large", "image-broken"];
    assert.deepEqual([...reasons.keys()].sort(), codes.sort());
    assert.deepEqual(await keys(), []);
    for (const id of ids) assert.equal(await noted(id), undefined);
  });

  it("leaves a user alone whose root picture changed after it was read", async () => {
    const { addUser, mirror, api, keys, people } = world();
    const id = addUser(1, url("a"));
    const read: User[] = [];
    for await (const user of all()) read.push(user);
    await api("PATCH", `/users/${encodeURIComponent(id)}`, { app_metadata: { picture_blocked: true } });
    const { counts, reasons } = await mirror(read);
    assert.deepEqual([counts.skipped, [...reasons.keys()]], [1, ["changed-meanwhile"]]);
    assert.deepEqual([await keys(), people.journal.entries(id)], [[], []]);
  });

  it("stores a copy below a folder that cannot be guessed, and notes it with what tells the source's next change", async () => {
    const { addUser, mirror, keys, user } = world();
    const id = addUser(1, url("a"), { app_metadata: { other: 1 } });
    const { counts, hosts } = await mirror(all());
    assert.deepEqual(counts, { copied: 1, unchanged: 0, failed: 0, skipped: 0 });
    assert.deepEqual([...hosts.keys()], [new URL(url("a")).host]);
    const copy = await noted(id);
    const [key = ""] = await keys();
    assert.match(key, /^users\/[0-9a-f]{32}\/copy-[0-9a-f]{16}\.jpg$/);
    const source = `"${red.length}"`;
    assert.deepEqual(copy, {
      of: fingerprintOf(url("a")),
      url: `https://img.acme.com/${key}`,
      at: "2026-11-21T12:00:00.000Z",
      source,
    });
    assert.equal(((await user(id))["app_metadata"] as { other: number }).other, 1);
  });

  it("stores it in the folder that is recorded for the user's own files", async () => {
    const { addUser, mirror, keys } = world();
    const picture_folder = "ab".repeat(16);
    addUser(1, url("a"), { app_metadata: { picture_folder } });
    await mirror(all());
    assert.match((await keys()).join(), new RegExp(`^users/${picture_folder}/copy-`));
  });

  it("copies base64, for which nobody is asked", async () => {
    const { addUser, mirror, requests } = world();
    const id = addUser(1, red.toString("base64"));
    const { hosts } = await mirror(all());
    assert.deepEqual([[...hosts.keys()], requests.length], [["base64"], 0]);
    assert.match((await noted(id))?.source ?? "", /^sha256:[0-9a-f]{64}$/);
  });

  it("waits as long as a host asks for, and asks again", async () => {
    const { addUser, mirror, requests } = world();
    addUser(1, url("busy"));
    const start = performance.now();
    const { counts } = await mirror(all());
    assert.equal(counts.copied, 1);
    assert.equal(requests.length, 3);
    assert.ok(performance.now() - start >= 2000);
  });

  it("writes nothing the second time, and fetches no body where the source has an ETag", async () => {
    const { addUser, mirror, requests, people, tenant } = world();
    const ids = ["a", "plain"].map((path, n) => addUser(n, url(path)));
    addUser(2, red.toString("base64"));
    await mirror(all());
    const before = await Promise.all(ids.map(noted));
    requests.length = 0;
    const patches = () => tenant.requests.count({ method: "PATCH", pathPrefix: "/api/v2/users" });
    const sent = patches();
    const { counts } = await mirror(all());
    assert.deepEqual(counts, { copied: 0, unchanged: 3, failed: 0, skipped: 0 });
    assert.deepEqual(await Promise.all(ids.map(noted)), before);
    assert.equal(patches(), sent);
    assert.equal(people.journal.entries(ids[0]).length, 1);
    assert.deepEqual(requests.map(({ headers }) => headers["if-none-match"]).sort(), [
      `"${red.length}"`,
      undefined,
    ]);
  });

  it("gives a changed picture a new address in the same folder, and makes a copy again whose file is gone", async () => {
    const { addUser, mirror, keys, s3 } = world();
    const id = addUser(1, url("a"));
    await mirror(all());
    const first = await noted(id);
    current = blue;
    assert.equal((await mirror(all())).counts.copied, 1);
    const second = await noted(id);
    const folder = (copy?: PictureCopy) => copy?.url.split("/").at(-2);
    assert.notEqual(second?.url, first?.url);
    assert.equal(folder(second), folder(first));
    assert.equal((await keys()).length, 2);

    const { DeleteObjectCommand } = await import("@aws-sdk/client-s3");
    const Key = new URL(second?.url ?? "").pathname.slice(1);
    await s3.send(new DeleteObjectCommand({ Bucket: "acme-pictures", Key }));
    await mirror(all());
    assert.ok((await keys()).includes(Key));
  });

  it("takes the note away, and no more, of a user who deleted the Gravatar", async () => {
    const { addUser, mirror, keys, people, store } = world();
    const id = addUser(1, url("a"));
    const { run } = await mirror(all());
    const writer = createCopyWriter({
      people,
      store,
      run,
      ledger: { noteFolder: () => undefined, folderOf: () => undefined },
      inStretch: (work) => work(),
    });
    const gone = { of: fingerprintOf(url("a")), image: undefined, source: "" };
    assert.deepEqual(await writer.write({ ...gone, userId: id }), { outcome: "skipped", why: "no-gravatar" });
    assert.equal(await noted(id), undefined);
    assert.equal((await keys()).length, 1);
    assert.deepEqual(await writer.write({ ...gone, userId: "google-oauth2|none" }), {
      outcome: "skipped",
      why: "gone",
    });
  });

  it("is in the journal, and taken back by undo --run as a whole", async () => {
    const { addUser, mirror, peopleWith } = world();
    const id = addUser(1, url("a"));
    const { run } = await mirror(all());
    const people = await peopleWith("read:users", "update:users");
    const [entry] = people.journal.entries(id);
    assert.deepEqual([entry?.command, entry?.keys], ["mirror", ["app_metadata.picture_copy"]]);
    const progress = createProgress({}, { write: () => undefined });
    const report = await undoRun(people, run, { yes: true, report: undefined, limits: bulkLimits, progress });
    assert.equal(report.exitCode, undefined);
    assert.equal(await noted(id), undefined);
  });

  describe("beside another command on the machine", () => {
    const hold = lockHolders();
    afterEach(() => mock.restoreAll());

    it("waits before it writes", async () => {
      const said: string[] = [];
      mock.method(process.stderr, "write", (text: string) => said.push(text) > 0);
      const { addUser, mirror, stateHome, tenant } = world();
      const id = addUser(1, url("a"));
      const { end } = await hold(stateHome, tenant.domain, "users");
      const run = mirror(all());
      assert.ok(await pollUntil(() => said.length > 0, { withinMs: 10_000 }));
      assert.equal(await noted(id), undefined);
      await end();
      await run;
      assert.notEqual(await noted(id), undefined);
      assert.match(said.join(""), /^Waiting for pictures test/);
    });
  });
});
