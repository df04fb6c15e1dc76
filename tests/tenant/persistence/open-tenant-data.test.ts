import assert from "node:assert/strict";
import { pollUntil } from "../../../lib/clock.ts";
import { coalescedSave } from "../../../tenant/persistence/open-tenant-data.ts";

/** A value that is written slowly: each write ends when the test says so. */
function setup({ delayMs = 1 } = {}) {
  const errors: unknown[] = [];
  const started: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const now = { value: 0 };
  const saving = coalescedSave(
    () => {
      started.push(now.value);
      return new Promise((resolve, reject) => {
        ends.push((error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    },
    { delayMs, onError: (cause) => errors.push(cause) },
  );
  return { ends, errors, now, saving, started };
}

const startedWrites = (started: number[], count: number) =>
  pollUntil(() => started.length === count, { withinMs: 45_000, everyMs: 1 });

describe("coalescedSave", () => {
  it("tells those who waited for a write that it failed, and tries the next one", async () => {
    const { ends, saving, started } = setup();
    const first = saving.save();
    const second = saving.save();
    ends[0]!(new Error("disk full"));
    await assert.rejects(first, /disk full/);
    assert.ok(await startedWrites(started, 2));
    ends[1]!();
    await second;
  });

  it("tells onError about a write that nobody waits for", async () => {
    const { ends, errors, saving, started } = setup();
    saving.saveSoon();
    assert.ok(await startedWrites(started, 1));
    ends[0]!(new Error("disk full"));
    assert.ok(await pollUntil(() => errors.length === 1, { withinMs: 45_000 }));
  });

  it("lets all who come during a write share one more, which sees what they changed", async () => {
    const { ends, now, saving, started } = setup();
    const first = saving.save();
    const others = [1, 2, 3].map((value) => {
      now.value = value;
      return saving.save();
    });
    ends[0]!();
    await first;
    assert.ok(await startedWrites(started, 2));
    ends[1]!();
    await Promise.all(others);
    assert.deepEqual(started, [0, 3]);
  });

  it("makes one write of many that may wait", async () => {
    const { ends, saving, started } = setup({ delayMs: 20 });
    for (let count = 0; count < 500; count += 1) saving.saveSoon();
    assert.equal(started.length, 0);
    assert.ok(await startedWrites(started, 1));
    ends[0]!();
    const closed = saving.close();
    assert.ok(await startedWrites(started, 2));
    ends[1]!();
    await closed;
  });

  it("writes what is left when it is closed, and nothing after it", async () => {
    const { ends, now, saving, started } = setup();
    now.value = 5;
    saving.saveSoon();
    const closed = saving.close();
    ends[0]!();
    await closed;
    await saving.save();
    saving.saveSoon();
    assert.deepEqual(started, [5]);
  });
});
