import assert from "node:assert/strict";
import { pollUntil } from "../../lib/clock.ts";
import { processStatus } from "../../lib/process-identity.ts";
import type { SandboxAction } from "../../sandbox/flow.ts";
import { createProcessPool, type ProcessPool } from "../../sandbox/process-pool.ts";
import { action } from "./action.ts";

describe("createProcessPool()", () => {
  let pool: ProcessPool;
  beforeEach(() => {
    pool = createProcessPool({ size: 2 });
  });
  afterEach(() => pool.stop());

  /** Which process each Action of a login has. */
  async function login(...actions: SandboxAction[]): Promise<number[]> {
    const held = await pool.take(actions);
    const pids: number[] = [];
    for (const one of actions) pids.push((await held.of(one)).process.pid ?? 0);
    held.giveBack();
    return pids;
  }

  it("refuses a login that waits for a place when it is stopped, and every later one", async () => {
    const actions = [action("")];
    await Promise.all([pool.take(actions), pool.take(actions)]);
    const waiting = assert.rejects(pool.take(actions), /sandbox was stopped/);
    await pool.stop();
    await waiting;
    await assert.rejects(pool.take(actions), /sandbox was stopped/);
  });

  it("gives a process to the next login of the same flow, and to no other flow", async () => {
    const [one, two] = [action("1", "One"), action("2", "Two")];
    const [first] = await login(one, two);
    assert.deepEqual(await login(one, two), [first, first]);
    const others: SandboxAction[][] = [
      [two, one],
      [one],
      [{ ...one, code: `${one.code} ` }, two],
      [{ ...one, id: "x" }, two],
    ];
    for (const other of others) assert.ok(!(await login(...other)).includes(first ?? 0));
  });

  it("gives an Action with secrets a process of its own, and another one for other secrets", async () => {
    const [open, closed] = [action("1", "Open"), action("2", "Secret", { KEY: "1" })];
    const [first, second, third] = await login(open, closed, action("3", "Open too"));
    assert.equal(first, third);
    assert.notEqual(first, second);
    const [other] = await login(action("2", "Secret", { KEY: "2" }));
    assert.notEqual(other, second);
    assert.deepEqual(await login(closed), [second]);
  });

  it("gives two logins at the same time a process each", async () => {
    const one = action("1");
    const [first, second] = await Promise.all([pool.take([one]), pool.take([one])]);
    const processes = await Promise.all([first.of(one), second.of(one)]);
    assert.notEqual(processes[0].process.pid, processes[1].process.pid);
    first.giveBack();
    second.giveBack();
  });

  it("lets twelve wait, and ends the one that has waited longest", async () => {
    const pids: number[] = [];
    for (let flow = 0; flow < 13; flow += 1) pids.push(...(await login(action(String(flow)))));
    const [oldest = 0, ...waiting] = pids;
    assert.ok(await pollUntil(() => processStatus(oldest) === undefined, { withinMs: 5000 }));
    assert.ok(waiting.every((pid) => processStatus(pid) !== undefined));
    await pool.stop();
    assert.ok(waiting.every((pid) => processStatus(pid) === undefined));
  });

  it("starts another process where the one that waited was killed", async () => {
    const one = action("1");
    const [first = 0] = await login(one);
    process.kill(first, "SIGKILL");
    assert.ok(await pollUntil(async () => (await login(one))[0] !== first, { withinMs: 5000 }));
  });
});
