import assert from "node:assert/strict";
import { createProgress, type ProgressOutput } from "../../lib/progress.ts";

describe("the progress of a long command", () => {
  function setup(terminal: Omit<ProgressOutput, "write">, env = {}) {
    const written: string[] = [];
    let at = 0;
    const output = { ...terminal, write: (text: string) => written.push(text) };
    return {
      progress: createProgress(env, output, () => at),
      written,
      wait: (ms: number) => (at += ms),
    };
  }

  for (const [where, terminal, env] of [
    ["in a log", { isTTY: false }, {}],
    ["on a terminal that can only print", { isTTY: true }, { TERM: "dumb" }],
  ] as const) {
    it(`is not written ${where}`, () => {
      const { progress, written } = setup(terminal, env);
      progress.phase("Checking users", 10);
      progress.advance(10);
      progress.clear();
      assert.deepEqual(written, []);
    });
  }

  it("says how far it is, how fast, and how long it takes", () => {
    const { progress, written, wait } = setup({ isTTY: true, columns: 200 });
    progress.phase("Checking users", 10_000);
    wait(1000);
    progress.advance(2500);
    assert.equal(
      written.at(-1),
      "\rChecking users [#####---------------] 25 %, 2,500 of 10,000, 2,500 a second, 3 s left\u001B[K",
    );
  });

  it("says how many and how fast where nobody knows how many there will be", () => {
    const { progress, written, wait } = setup({ isTTY: true, columns: 200 });
    progress.phase("Checking users");
    assert.equal(written.at(-1), "\rChecking users …\u001B[K");
    wait(2000);
    progress.advance(2500);
    assert.equal(written.at(-1), "\rChecking users: 2,500, 1,250 a second\u001B[K");
    progress.expect(5000);
    wait(2000);
    progress.advance(0);
    assert.match(written.at(-1)!, /50 %, 2,500 of 5,000, 625 a second, 4 s left/);
  });

  it("draws now and then only, and never more than a line", () => {
    const { progress, written, wait } = setup({ isTTY: true, columns: 20 });
    progress.phase("Checking users", 10_000);
    for (let n = 0; n < 1000; n += 1) progress.advance();
    assert.equal(written.length, 1);
    wait(1000);
    progress.advance();
    assert.equal(written.length, 2);
    assert.ok(written.every((text) => text.length <= 20 + "\r\u001B[K".length - 1));
  });

  it("leaves the line to others", () => {
    const { progress, written } = setup({ isTTY: true });
    progress.clear();
    progress.phase("Checking users", 10);
    progress.clear();
    progress.clear();
    assert.equal(written.length, 2);
    assert.equal(written.at(-1), "\r\u001B[K");
    progress.advance();
    assert.match(written.at(-1)!, /Checking users/);
  });
});
