import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs, { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mock } from "node:test";
import { readLock, takeLock, takeLockAfter, type HeldLock, type Lock } from "../../lib/lock.ts";
import { ownIdentity, processStatus } from "../../lib/process-identity.ts";
import { typescriptLoader } from "../../lib/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { takerSteps } from "./killed-taker.ts";

function got(lock: Lock | HeldLock): Lock {
  assert.ok(!("heldBy" in lock), "another process has the lock");
  return lock;
}

function holder(lock: Lock | HeldLock): HeldLock["heldBy"] {
  assert.ok("heldBy" in lock, "the lock was taken");
  return lock.heldBy;
}

describe("a lock", () => {
  // Before temporaryFolder(), which removes files after the test.
  afterEach(() => {
    mock.restoreAll();
  });
  const folder = temporaryFolder();
  const file = () => join(folder(), "lock");
  const writeLock = (owner: unknown, more = {}) => {
    writeFileSync(file(), JSON.stringify({ token: "x", process: owner, ...more }));
  };
  const dead = () => ({ ...ownIdentity(), startedAt: "0" });

  it("is taken, held and given back", () => {
    const lock = got(takeLock(file(), { note: { why: "test" } }));
    const { process: owner, note } = holder(takeLock(file()));
    assert.deepEqual([owner, note], [ownIdentity(), { why: "test" }]);
    lock.release();
    assert.deepEqual(readdirSync(folder()), []);
    assert.equal(readLock(file()), undefined);
  });

  it("is not taken while another process has it", () => {
    const { pid, startedAt } = processStatus(process.ppid)!;
    writeLock({ pid, startedAt }, { note: 7 });
    const { process: owner, note } = holder(takeLock(file()));
    assert.deepEqual([owner, note], [{ pid, startedAt }, 7]);
    assert.deepEqual(readdirSync(folder()), ["lock"]);
  });

  it("is taken from a process that was killed, and where another process has its number now", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const parent = { pid: process.ppid, startedAt: "0" };
    for (const owner of [{ pid, startedAt: "1" }, dead(), parent]) {
      writeLock(owner);
      got(takeLock(file())).release();
      assert.deepEqual(readdirSync(folder()), []);
    }
  });

  it("is taken where the file is no lock, as after a power cut", () => {
    for (const text of ["", "{", "null", "7", "[]", '{"process":{"pid":"1"}}', `${process.ppid} 1`]) {
      writeFileSync(file(), text);
      got(takeLock(file())).release();
      assert.deepEqual(readdirSync(folder()), []);
    }
  });

  it("is never removed by one that had it before", () => {
    const lock = got(takeLock(file()));
    writeLock(dead());
    const other = got(takeLock(file()));
    lock.release();
    assert.equal(holder(takeLock(file())).process?.pid, process.pid);
    other.release();
    other.release();
    assert.deepEqual(readdirSync(folder()), []);
  });

  it("counts as long as its user says", () => {
    const lock = got(takeLock(file(), { note: "old" }));
    got(takeLock(file(), { isHeld: ({ note }) => note !== "old" })).release();
    lock.release();
    assert.deepEqual(readdirSync(folder()), []);
  });

  it("is another's while that one takes it over", () => {
    writeLock(dead());
    got(takeLock(`${file()}.takeover`));
    assert.equal(holder(takeLock(file())).file, `${file()}.takeover`);
    assert.equal(holder(takeLock(file(), { isHeld: () => false })).file, `${file()}.takeover`);
  });

  it("says why it cannot be had, and leaves nothing", () => {
    assert.throws(() => takeLock(join(folder(), "none", "lock")), { code: "ENOENT" });
    for (const code of ["EPERM", "EACCES", "ENOSPC"]) {
      mock.method(fs, "linkSync", () => {
        throw Object.assign(new Error(code), { code });
      });
      assert.throws(() => takeLock(file()), { code });
      mock.restoreAll();
      assert.deepEqual(readdirSync(folder()), []);
    }
    writeLock(dead());
    mock.method(fs, "renameSync", () => {
      throw Object.assign(new Error("full"), { code: "ENOSPC" });
    });
    assert.throws(() => takeLock(file()), { code: "ENOSPC" });
    assert.deepEqual(readdirSync(folder()), ["lock"]);
  });

  for (const step of Object.keys(takerSteps)) {
    it(`is taken from one that was killed ${step}`, () => {
      writeLock(dead());
      const program = join(__dirname, "killed-taker.ts");
      const { signal, stderr } = spawnSync(
        process.execPath,
        ["--require", typescriptLoader, program, file(), step],
        { encoding: "utf8" },
      );
      assert.equal(signal, "SIGKILL", stderr);
      got(takeLock(file())).release();
      // What is left of the killed one is in nobody's way.
      assert.ok(!readdirSync(folder()).includes("lock"));
      writeLock(dead());
      got(takeLock(file())).release();
      assert.deepEqual(
        readdirSync(folder()).filter((name) => /^lock(\.takeover)*$/.test(name)),
        [],
      );
    });
  }
});

describe("a lock after what its process left behind", () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), "lock");
  const deadLock = JSON.stringify({
    token: "x",
    process: { ...ownIdentity(), startedAt: "0" },
    note: "run 7",
  });
  beforeEach(() => {
    writeFileSync(file(), deadLock);
  });

  it("is taken once that is ended, and nobody takes it meanwhile", async () => {
    const lock = await takeLockAfter(file(), async ({ note }) => {
      assert.equal(note, "run 7");
      assert.equal(holder(takeLock(file())).file, `${file()}.takeover`);
      await Promise.resolve();
    });
    got(lock);
    assert.equal(readLock(file())?.process?.pid, process.pid);
    assert.deepEqual(readdirSync(folder()), ["lock"]);
  });

  it("stays the dead one where that cannot be ended", async () => {
    await assert.rejects(
      takeLockAfter(file(), () => Promise.reject(new Error("it lives on"))),
      /it lives on/,
    );
    assert.equal(readFileSync(file(), "utf8"), deadLock);
    assert.deepEqual(readdirSync(folder()), ["lock"]);
  });

  it("stays another's who took it where it was given back at the end", async () => {
    const result = await takeLockAfter(file(), async () => {
      fs.rmSync(file());
      got(takeLock(file(), { note: "another" }));
      await Promise.resolve();
    });
    assert.equal(holder(result).note, "another");
    assert.deepEqual(readdirSync(folder()), ["lock"]);
  });
});

describe("a lock that several processes want at the same moment", () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), "lock");

  for (const [ways, dead] of [
    [["sync", "sync"], true],
    [["sync", "sync", "async"], true],
    [["async", "async"], false],
  ] as const) {
    it(`is one's at a time (${ways.join(", ")})${dead ? ", from a dead one on" : ""}`, async () => {
      if (dead)
        writeFileSync(file(), JSON.stringify({ token: "x", process: { pid: 1, startedAt: "another" } }));
      const start = Date.now() + 1500;
      const takers = ways.map((way) =>
        spawn(
          process.execPath,
          [
            "--require",
            typescriptLoader,
            join(__dirname, "lock-taker.ts"),
            file(),
            `${start}`,
            `${start + 3000}`,
            way,
          ],
          { stdio: "inherit" },
        ),
      );
      const codes = await Promise.all(takers.map((taker) => once(taker, "exit")));
      assert.deepEqual(new Set(codes.map(([code]) => code as number)), new Set([0]));
      const claims = readFileSync(`${file()}.log`, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(" ").map(BigInt) as [bigint, bigint, bigint])
        .sort(([a], [b]) => (a < b ? -1 : 1));
      assert.ok(claims.length > 50, `${claims.length} claims`);
      assert.equal(new Set(claims.map(([, , pid]) => pid)).size, ways.length);
      const overlapping = claims.filter(([from], index) => from < (claims[index - 1]?.[1] ?? 0n));
      assert.deepEqual(overlapping, []);
    });
  }
});
