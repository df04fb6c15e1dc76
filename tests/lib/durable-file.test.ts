import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs, {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { mock } from "node:test";
import {
  openReplacement,
  removeLeftDrafts,
  replaceFile,
  replaceFileSync,
  type ReplaceOptions,
} from "../../lib/durable-file.ts";
import { typescriptLoader } from "../../lib/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { writeSteps } from "./killed-write.ts";

type Replace = (file: string, content: string, options?: ReplaceOptions) => Promise<void>;

const forms: Record<string, Replace> = {
  replaceFile,
  replaceFileSync: (...args) =>
    new Promise((done) => {
      replaceFileSync(...args);
      done();
    }),
};
const content = "ä word and a line\n".repeat(5000);

/** What the system does with each write from now on. `most` is how many bytes it takes at once. */
async function writesAre(reply: (most: number) => number): Promise<void> {
  const { writeSync } = fs;
  const sync = (...[fd, bytes, offset, length, position]: [number, Buffer, number, number, number | null]) =>
    writeSync(fd, bytes, offset, reply(length), position);
  mock.method(fs, "writeSync", sync as typeof writeSync);
  const handle = await open("/dev/null", "w");
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const { write } = prototype as unknown as Record<
    "write",
    (...args: unknown[]) => Promise<{ bytesWritten: number }>
  >;
  mock.method(
    prototype,
    "write",
    async function (this: typeof handle, bytes: Buffer, offset: number, length: number) {
      return write.call(this, bytes, offset, reply(length));
    },
  );
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: the system says no`), { code });
}

for (const [form, replace] of Object.entries(forms)) {
  describe(form, () => {
    // Before temporaryFolder(), which removes files after the test.
    afterEach(() => {
      mock.restoreAll();
    });
    const folder = temporaryFolder();
    const file = () => join(folder(), "file");

    it("makes a file, and replaces one", async () => {
      await replace(file(), "former");
      await replace(file(), content);
      assert.equal(readFileSync(file(), "utf8"), content);
      assert.deepEqual(readdirSync(folder()), ["file"]);
    });

    it("gives it the mode, whatever the umask and the former one are", async () => {
      writeFileSync(file(), "former");
      chmodSync(file(), 0o777);
      const umask = process.umask(0o077);
      try {
        await replace(file(), content, { mode: 0o644 });
        assert.equal(statSync(file()).mode & 0o777, 0o644);
        await replace(file(), content);
        assert.equal(statSync(file()).mode & 0o777, 0o600);
      } finally {
        process.umask(umask);
      }
    });

    it("follows no link that somebody put there", async () => {
      writeFileSync(join(folder(), "precious"), "precious");
      symlinkSync(join(folder(), "precious"), file());
      await replace(file(), content);
      assert.equal(readFileSync(join(folder(), "precious"), "utf8"), "precious");
      assert.equal(readFileSync(file(), "utf8"), content);
    });

    it("writes all of it where the system takes a part at a time", async () => {
      await writesAre((length) => Math.min(length, 1001));
      await replace(file(), content);
      assert.equal(readFileSync(file(), "utf8"), content);
    });

    it("leaves the former content and nothing else where the disk is full in the middle", async () => {
      await replace(file(), "former");
      let room = 4000;
      await writesAre((length) => {
        if (room === 0) throw failure("ENOSPC");
        const taken = Math.min(length, room);
        room -= taken;
        return taken;
      });
      await assert.rejects(replace(file(), content), { code: "ENOSPC" });
      assert.equal(readFileSync(file(), "utf8"), "former");
      assert.deepEqual(readdirSync(folder()), ["file"]);
    });

    it("leaves nothing where it cannot take the place", async () => {
      mkdirSync(file());
      await assert.rejects(replace(file(), content), { code: "EISDIR" });
      assert.deepEqual(readdirSync(folder()), ["file"]);
    });

    it("says why it cannot write there", async () => {
      await assert.rejects(replace(join(folder(), "none", "file"), content), { code: "ENOENT" });
    });

    it("keeps both of two writers' contents whole: the last one's stays", async () => {
      const contents = Array.from({ length: 8 }, (_, index) => `${index}`.repeat(50_000));
      await Promise.all(contents.map((text) => replace(file(), text)));
      assert.ok(contents.includes(readFileSync(file(), "utf8")));
      assert.deepEqual(readdirSync(folder()), ["file"]);
    });

    for (const durable of [true, false]) {
      for (const step of writeSteps) {
        it(`leaves one of both contents, whole, after kill -9 ${step}${durable ? "" : ", not durable"}`, () => {
          writeFileSync(file(), "former");
          const program = join(__dirname, "killed-write.ts");
          const args = ["--require", typescriptLoader, program, form, file(), step, String(durable)];
          const { signal, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
          const isReached = durable || !step.includes("sync");
          assert.equal(signal, isReached ? "SIGKILL" : null, stderr);
          const isReplaced = !isReached || step === "before the folder's sync";
          assert.equal(readFileSync(file(), "utf8"), isReplaced ? "n".repeat(100_000) : "former");
          removeLeftDrafts(file());
          assert.deepEqual(readdirSync(folder()), ["file"]);
        });
      }
    }
  });
}

describe("a durable replacement", () => {
  // Before temporaryFolder(), which removes files after the test.
  afterEach(() => {
    mock.restoreAll();
  });
  const folder = temporaryFolder();
  const file = () => join(folder(), "file");

  it("syncs the file before it takes the place, and the folder afterwards", () => {
    const calls: string[] = [];
    const { fsyncSync, renameSync } = fs;
    mock.method(fs, "fsyncSync", (fd: number) => {
      calls.push(fs.fstatSync(fd).isDirectory() ? "folder" : "file");
      fsyncSync(fd);
    });
    mock.method(fs, "renameSync", (from: string, to: string) => {
      calls.push("rename");
      renameSync(from, to);
    });
    replaceFileSync(file(), content);
    replaceFileSync(file(), content, { durable: false });
    assert.deepEqual(calls, ["file", "rename", "folder", "rename"]);
  });

  it("is made all the same where a file system cannot sync a folder, and says where a disk failed", () => {
    const { fsyncSync } = fs;
    let code = "EINVAL";
    mock.method(fs, "fsyncSync", (fd: number) => {
      if (fs.fstatSync(fd).isDirectory()) throw failure(code);
      fsyncSync(fd);
    });
    replaceFileSync(file(), content);
    code = "EIO";
    assert.throws(() => replaceFileSync(file(), content), { code: "EIO" });
  });

  it("says why the place is refused (EACCES), not why the draft is still there", () => {
    mock.method(fs, "renameSync", () => {
      throw failure("EACCES");
    });
    mock.method(fs, "rmSync", () => {
      throw failure("EPERM");
    });
    assert.throws(() => replaceFileSync(file(), content), { code: "EACCES" });
  });

  it("may come piece by piece, and leaves nothing where it is given up", () => {
    const [one, other] = [openReplacement(file()), openReplacement(file())];
    for (const piece of ["a", "", "ä", "b"]) one.write(piece);
    other.write("other");
    other.drop();
    assert.equal(readdirSync(folder()).length, 1);
    one.finish();
    one.drop();
    assert.equal(readFileSync(file(), "utf8"), "aäb");
    assert.deepEqual(readdirSync(folder()), ["file"]);
  });
});

describe("drafts that killed processes left", () => {
  const folder = temporaryFolder();

  it("are removed, and neither those of living processes nor other files are", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const draft = (name: string, process: number) => `${name}.${process}-0123456789abcdef.new`;
    const kept = [
      draft("file", process.pid),
      draft("file", process.ppid),
      draft("other", pid),
      "file",
      "file.new",
    ];
    for (const name of [draft("file", pid), ...kept]) writeFileSync(join(folder(), name), "");
    removeLeftDrafts(join(folder(), "file"));
    assert.deepEqual(readdirSync(folder()).toSorted(), kept.toSorted());
  });
});
