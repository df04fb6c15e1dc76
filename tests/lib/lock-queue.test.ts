import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { typescriptLoader } from "../../lib/project.ts";
import { waitForLock } from "../../lib/lock-queue.ts";
import { takeLock, type FoundLock } from "../../lib/lock.ts";
import { ownIdentity } from "../../lib/process-identity.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("waiting for a lock", () => {
  const folder = temporaryFolder();
  const file = () => join(folder(), "lock");
  const queue = () => readdirSync(`${file()}.queue`);

  it("ends by what is thrown when it would begin, and leaves nothing", async () => {
    const held = takeLock(file(), { note: "mine" });
    const onHeld = ({ note }: FoundLock) => {
      throw new Error(`held by ${String(note)}`);
    };
    await assert.rejects(waitForLock(file(), { note: 1, onHeld }), /held by mine/);
    assert.deepEqual(readdirSync(folder()), ["lock"]);
    assert.ok("release" in held);
    held.release();
  });

  it("is over in the order in which it began", async () => {
    const first = await waitForLock(file(), { note: 0, onHeld: () => undefined });
    const order: number[] = [];
    const told: unknown[] = [];
    const waiting: Promise<void>[] = [];
    for (const note of [1, 2, 3]) {
      const onHeld = (holder: FoundLock) => told.push(holder.note);
      const wait = waitForLock(file(), { note, onHeld }).then((lock) => {
        order.push(note);
        lock.release();
      });
      waiting.push(wait);
      // Places of one millisecond have no order.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(queue().length, 3);
    first.release();
    await Promise.all(waiting);
    assert.deepEqual(order, [1, 2, 3]);
    assert.deepEqual(told, [0, 0, 0]);
    assert.deepEqual(queue(), []);
  });

  it("does not mind those who were killed while they waited, nor what is no place", async () => {
    mkdirSync(`${file()}.queue`);
    const dead = { token: "x", process: { ...ownIdentity(), startedAt: "0" } };
    const names = ["000000000000001-0123456789ab", "000000000000002-0123456789ab"];
    writeFileSync(join(`${file()}.queue`, names[0]!), JSON.stringify(dead));
    writeFileSync(join(`${file()}.queue`, names[1]!), "");
    writeFileSync(join(`${file()}.queue`, "notes"), "");
    const onHeld = () => assert.fail("nobody has it");
    (await waitForLock(file(), { note: 1, onHeld })).release();
    assert.deepEqual(queue(), ["notes"]);
  });

  it("gives several processes the lock one at a time, and each its turn", async () => {
    const program = join(__dirname, "queue-taker.ts");
    const takers = [1, 2, 3].map(() =>
      spawn(process.execPath, ["--require", typescriptLoader, program, file(), "8"], { stdio: "inherit" }),
    );
    const codes = await Promise.all(takers.map((taker) => once(taker, "exit")));
    assert.deepEqual(
      codes.map(([code]) => code as number),
      [0, 0, 0],
    );
    const turns = readFileSync(`${file()}.log`, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(" ").map(BigInt) as [bigint, bigint, bigint])
      .sort(([a], [b]) => (a < b ? -1 : 1));
    assert.equal(turns.length, 24);
    assert.deepEqual(
      turns.filter(([from], index) => from < (turns[index - 1]?.[1] ?? 0n)),
      [],
    );
  });
});
