import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { openUsersFile, usersIn, type UserSource } from "../../auth0/users-file.ts";
import { longestLineBytes } from "../../auth0/users-text.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { hostileFiles, odderFiles } from "./hostile-users.ts";

describe("a file of users", () => {
  const folder = temporaryFolder();

  async function ids(source: UserSource): Promise<string[]> {
    const found = [];
    for await (const user of usersIn(source)) found.push(user.user_id);
    return found;
  }

  function idsInFile(content: string | Buffer): Promise<string[]> {
    const file = join(folder(), "users");
    writeFileSync(file, content);
    return ids(openUsersFile(file));
  }

  /** By standard input, in pieces of this many bytes. */
  function idsInPieces(content: string | Buffer, size: number): Promise<string[]> {
    const bytes = Buffer.from(content as Buffer);
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      Buffer.from(bytes.subarray(index * size, (index + 1) * size)),
    );
    return ids(openUsersFile("-", Readable.from(pieces, { objectMode: false })));
  }

  for (const { what, content, code, message } of hostileFiles) {
    it(`is refused, and nothing of it is shown: ${what}`, async () => {
      const isRefusal = (error: Error & { code?: string }) => {
        assert.equal(error.code, code);
        assert.equal(error.name, "UsageError");
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /jane|acme/);
        return true;
      };
      await assert.rejects(idsInFile(content), isRefusal);
      if (content.length < 10_000) await assert.rejects(idsInPieces(content, 1), isRefusal);
    });
  }

  for (const [what, content, expected] of odderFiles) {
    it(`is taken: ${what}`, async () => {
      assert.deepEqual(await idsInFile(content), expected);
      assert.deepEqual(await idsInPieces(content, 1), expected);
    });
  }

  it("is refused where a line is longer than any user, packed or not, in an array or not", async () => {
    const line = `{"user_id":"${"a".repeat(longestLineBytes - 14)}"}`;
    assert.equal((await idsInFile(`{"user_id":"b"}\n${line}\n`)).length, 2);
    const message = /^(Line|User) 3 of .* is longer than 16 MiB/;
    for (const content of [
      `\n\n ${line}\n`,
      gzipSync(`\n\n ${line}`),
      `[{"user_id":"a"},{"user_id":"b"}, ${line}]`,
    ]) {
      await assert.rejects(idsInFile(content), { code: "users-file-invalid", message });
    }
  });

  it("is refused at once where it is missing or a folder", () => {
    const refused = { code: "users-file-unreadable", name: "UsageError" };
    assert.throws(() => openUsersFile(join(folder(), "none")), {
      ...refused,
      message: /there is no such file/,
    });
    assert.throws(() => openUsersFile(folder()), { ...refused, message: /it is a folder/ });
  });

  it("is refused where standard input fails", async () => {
    const failing = new Readable({
      read() {
        this.destroy(new Error("EIO: i/o error"));
      },
    });
    await assert.rejects(ids(openUsersFile("-", failing)), {
      code: "users-file-unreadable",
      message: /^The users' file standard input cannot be read: EIO/,
    });
  });

  it("is read from a pipe, whose length is not known", async () => {
    const pipe = join(folder(), "pipe");
    execFileSync("mkfifo", [pipe]);
    const source = openUsersFile(pipe);
    const read = ids(source);
    writeFileSync(pipe, gzipSync('{"user_id":"auth0|1"}\n'));
    assert.deepEqual(await read, ["auth0|1"]);
    assert.equal(source.share(), undefined);
  });

  it("knows how much of it is read, and is closed early where the rest is not wanted", async () => {
    const file = join(folder(), "users");
    writeFileSync(file, '{"user_id":"auth0|1"}\n'.repeat(20_000));
    const source = openUsersFile(file);
    const users = usersIn(source);
    await users.next();
    const read = source.share() ?? 0;
    assert.ok(read > 0 && read < 1, String(read));
    await users.return();
  });

  it("gives the same users as an array and as lines, in whatever pieces", async () => {
    const user = fc.record({ user_id: fc.string({ minLength: 1 }), more: fc.jsonValue() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(user, { maxLength: 5 }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(undefined, 2, "\t"),
        fc.boolean(),
        async (users, size, space, isPacked) => {
          const written = [
            JSON.stringify(users, null, space),
            users.map((one) => JSON.stringify(one)).join("\n"),
          ];
          for (const text of written) {
            const content = isPacked ? gzipSync(text) : text;
            assert.deepEqual(
              await idsInPieces(content, size),
              users.map((one) => one.user_id),
            );
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
