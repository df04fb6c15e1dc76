import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { openUsersFile } from "../../auth0/users-file.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("a file of users", () => {
  const folder = temporaryFolder();

  async function idsIn(content: string | Buffer): Promise<string[]> {
    const file = join(folder(), "users");
    writeFileSync(file, content);
    const ids = [];
    for await (const user of (await openUsersFile(file)).users) ids.push(user.user_id);
    return ids;
  }

  const lines = '{"user_id":"auth0|1"}\n\n{"user_id":"auth0|2","name":"Zoë"}';

  for (const [what, content, message] of [
    ["no JSON", '{"user_id":"auth0|1"}\n{"email":"jane@acme.com"', /^Line 2 of .* is not a user/],
    ["no user", '{"user_id":"auth0|1"}\n\n{"email":"jane@acme.com"}', /^Line 3 of .* is not a user/],
    ["a list", "[\n", /^Line 1 of/],
  ] as const) {
    it(`names the line that is ${what}, and shows nobody's profile`, async () => {
      await assert.rejects(idsIn(content), (error: { code?: string; message: string }) => {
        assert.equal(error.code, "users-file-invalid");
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /jane/);
        return true;
      });
    });
  }

  it("names the line that is too long for a user", async () => {
    const packed = gzipSync(Buffer.concat([Buffer.from(`${lines}\n`), Buffer.alloc(41_000_000, " ")]));
    await assert.rejects(idsIn(packed), { code: "users-file-invalid", message: /^Line 4 of .* too long/ });
  });

  it("is refused where it is missing, a folder, or cut off", async () => {
    await assert.rejects(openUsersFile(join(folder(), "none")), { code: "users-file-unreadable" });
    const inFolder = async () => {
      for await (const user of (await openUsersFile(folder())).users) assert.fail(user.user_id);
    };
    await assert.rejects(inFolder(), { code: "users-file-unreadable" });
    await assert.rejects(idsIn(gzipSync(lines).subarray(0, 30)), { code: "users-file-unreadable" });
  });

  it("is read packed and unpacked, with and without a byte order mark, and empty", async () => {
    assert.deepEqual(await idsIn(lines), ["auth0|1", "auth0|2"]);
    assert.deepEqual(await idsIn(`\uFEFF${lines}\r\n`), ["auth0|1", "auth0|2"]);
    assert.deepEqual(await idsIn(gzipSync(lines)), ["auth0|1", "auth0|2"]);
    assert.deepEqual(await idsIn(gzipSync("")), []);
    assert.deepEqual(await idsIn(""), []);
  });

  it("is read from standard input, whatever the pieces", async () => {
    const pieces = [...Buffer.from(lines)].map((byte) => Buffer.from([byte]));
    const { users, share } = await openUsersFile("-", Readable.from(pieces, { objectMode: false }));
    const ids = [];
    for await (const user of users) ids.push([user.user_id, user["name"]]);
    assert.deepEqual(ids, [
      ["auth0|1", undefined],
      ["auth0|2", "Zoë"],
    ]);
    assert.equal(share(), undefined);
  });

  it("knows how much of it is read, and is closed early where nobody wants the rest", async () => {
    const file = join(folder(), "users");
    writeFileSync(file, `${lines}\n`.repeat(20_000));
    const { users, share } = await openUsersFile(file);
    await users.next();
    const read = share() ?? 0;
    assert.ok(read > 0 && read < 1, String(read));
    await users.return();
  });
});
