import assert from "node:assert/strict";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { exportUsers } from "../../../auth0/jobs.ts";
import { pruneCopies, type PruneCounts } from "../../../cli/mirror/prune-copies.ts";
import { runMirror } from "../../../cli/mirror/run-mirror.ts";
import { runPrune } from "../../../cli/mirror/run-prune.ts";
import { findOwnFiles } from "../../../cli/people/own-files.ts";
import { createProgress } from "../../../lib/progress.ts";
import type { PictureCopy } from "../../../policy/picture-copy.ts";
import { plain } from "../image/sample-images.ts";
import { mirrorWorld } from "./mirror-world.ts";

const dayMs = 24 * 60 * 60_000;

describe("a prune of copies", () => {
  let pictures: readonly Buffer[];
  let current: Buffer;
  const world = mirrorWorld((_request, response) =>
    response.writeHead(200, { "content-type": "image/png" }).end(current),
  );
  let deleted: string[];
  before(async () => {
    pictures = await Promise.all((["red", "blue"] as const).map((colour) => plain(colour).png().toBuffer()));
  });
  beforeEach(() => {
    current = pictures[0]!;
    deleted = [];
  });

  const url = (path: string) => `${world().host.origin}/${path}`;
  const all = () => exportUsers(world().people.access);
  const later = (days: number) => new Date(Date.now() + 1000 + days * dayMs);

  function prune(days: number, yes = true, olderThan = 40): Promise<PruneCounts> {
    return pruneCopies({
      users: all(),
      store: world().store,
      olderThan,
      yes,
      now: later(days),
      onDeleted: (keys) => Promise.resolve(void deleted.push(...keys)),
      progress: createProgress({}, { write: () => undefined }),
    });
  }
  const copies = async () => (await world().keys()).filter((key) => !key.endsWith(".unused"));
  const noted = async (id: string) =>
    ((await world().user(id))["app_metadata"] as { picture_copy: PictureCopy }).picture_copy;

  it("deletes nothing where there are no users: the tenant may be the wrong one", async () => {
    const { addUser, mirror, api, keys } = world();
    const id = addUser(1, url("a"));
    await mirror(all());
    await api("DELETE", `/users/${encodeURIComponent(id)}`);
    await assert.rejects(prune(100), { code: "no-users" });
    assert.equal((await keys()).length, 1);
  });

  it("does not take part of the users, nor an age without --prune", async () => {
    await assert.rejects(runPrune({ prune: true, limit: "5" }, {}), { code: "prune-needs-all-users" });
    await assert.rejects(runPrune({ prune: true, olderThan: "x" }, {}), { code: "older-than-unclear" });
    await assert.rejects(runMirror({ olderThan: "5" }, {}), { code: "older-than-needs-prune" });
  });

  it("only notes a copy of an earlier picture at first, and deletes it when no token can show it any more", async () => {
    const { addUser, mirror, keys } = world();
    const id = addUser(1, url("a"));
    await mirror(all());
    const [first = ""] = await keys();
    current = pictures[1]!;
    await mirror(all());
    assert.deepEqual(await prune(0, false), { used: 1, waiting: 1, deleted: 0 });
    assert.equal((await keys()).length, 2);
    assert.deepEqual(await prune(0), { used: 1, waiting: 1, deleted: 0 });
    assert.ok((await keys()).includes(`${first}.unused`));
    assert.deepEqual(await prune(39), { used: 1, waiting: 1, deleted: 0 });
    assert.deepEqual(await prune(41, false), { used: 1, waiting: 0, deleted: 1 });
    assert.ok((await keys()).includes(first));
    assert.deepEqual(await prune(41), { used: 1, waiting: 0, deleted: 1 });
    assert.deepEqual(deleted, [first]);
    assert.deepEqual(await keys(), [new URL((await noted(id)).url).pathname.slice(1)]);
  });

  it("takes its note back where the copy is pointed at again", async () => {
    const { addUser, mirror, api, keys } = world();
    const id = addUser(1, url("a"));
    await mirror(all());
    const { app_metadata } = await world().user(id);
    const path = `/users/${encodeURIComponent(id)}`;
    await api("PATCH", path, { app_metadata: { picture_copy: null } });
    await prune(0);
    await api("PATCH", path, { app_metadata });
    assert.deepEqual(await prune(41), { used: 1, waiting: 0, deleted: 0 });
    assert.equal((await keys()).length, 1);
  });

  it("finds copies of users who are gone, and leaves all else below users/ alone", async () => {
    const { addUser, mirror, api, keys, s3 } = world();
    const [gone = "", stays = ""] = [1, 2].map((n) => addUser(n, url(`${n}`)));
    await mirror(all());
    const own = `users/${"cd".repeat(16)}/0123456789abcdef.png`;
    await s3.send(new PutObjectCommand({ Bucket: "acme-pictures", Key: own, Body: new Uint8Array() }));
    await api("DELETE", `/users/${encodeURIComponent(gone)}`);
    assert.deepEqual(await prune(0, true, 0), { used: 1, waiting: 0, deleted: 1 });
    const left = new URL((await noted(stays)).url).pathname.slice(1);
    assert.deepEqual((await keys()).sort(), [own, left].sort());
  });

  it("leaves a copy alone that a user has as the own picture", async () => {
    const { addUser, mirror, api } = world();
    const id = addUser(1, url("a"));
    await mirror(all());
    const picture = (await noted(id)).url;
    const path = `/users/${encodeURIComponent(id)}`;
    await api("PATCH", path, { app_metadata: { picture_copy: null }, user_metadata: { picture } });
    assert.deepEqual(await prune(100, true, 0), { used: 1, waiting: 0, deleted: 0 });
    assert.equal((await copies()).length, 1);
  });

  it("is not needed for a user who is forgotten, or whose pictures are purged: the copy's folder is the user's own", async () => {
    const { addUser, mirror, people } = world();
    const id = addUser(1, url("a"));
    await mirror(all());
    const user = { user_id: id, ...(await world().user(id)) };
    const { folders } = await findOwnFiles(people, user);
    assert.equal(folders.at(-1), (await noted(id)).url.split("/").at(-2));
  });
});
