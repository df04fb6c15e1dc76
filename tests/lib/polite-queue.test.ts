import assert from "node:assert/strict";
import { createPoliteQueue } from "../../lib/polite-queue.ts";

describe("a polite queue", () => {
  /** Tasks that end when they are told, and how many ran at a time. */
  function setup(limits: { atATime: number; perHost: number; waiting: number }) {
    const queue = createPoliteQueue(limits);
    const running = new Map<string, (() => void)[]>();
    const most = new Map<string, number>();
    const task = (host: string) => () =>
      new Promise<void>((end) => {
        running.set(host, [...(running.get(host) ?? []), end]);
        most.set(host, Math.max(most.get(host) ?? 0, running.get(host)!.length));
      });
    const endOne = (host: string) => running.get(host)!.shift()!();
    const count = () => [...running.values()].flat().length;
    return { queue, task, endOne, count, most };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it("ends with a task's error, and starts no more", async () => {
    const queue = createPoliteQueue({ atATime: 1, perHost: 1, waiting: 10 });
    let started = 0;
    const failing = () => {
      started += 1;
      return Promise.reject(new Error("broken"));
    };
    await queue.add("a", failing);
    await assert.rejects(
      async () => {
        await queue.add("a", failing);
        await queue.idle();
      },
      { message: "broken" },
    );
    assert.equal(started, 1);
  });

  it("asks a host a few times at a time, and meanwhile others", async () => {
    const { queue, task, endOne, count, most } = setup({ atATime: 3, perHost: 2, waiting: 10 });
    for (const host of ["a", "a", "a", "b", "b"]) await queue.add(host, task(host));
    assert.equal(count(), 3, "two of a, one of b");
    endOne("a");
    await turn();
    assert.equal(most.get("a"), 2);
    for (const host of ["a", "a", "b", "b"]) {
      endOne(host);
      await turn();
    }
    await queue.idle();
    assert.equal(count(), 0);
  });

  it("takes no more than may wait", async () => {
    const { queue, task, endOne, count } = setup({ atATime: 1, perHost: 1, waiting: 1 });
    await queue.add("a", task("a"));
    let isTaken = false;
    const second = queue.add("a", task("a")).then(() => (isTaken = true));
    await turn();
    assert.equal(isTaken, false);
    endOne("a");
    await second;
    assert.equal(count(), 1);
    endOne("a");
    await queue.idle();
  });
});
