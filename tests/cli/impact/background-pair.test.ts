import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, constants, setPriority } from "node:os";
import { isHeldUp, startBackgroundPair } from "../../../cli/impact/background-pair.ts";
import { startFlowPair } from "../../../cli/impact/flow-pair.ts";
import { isolation } from "../../../sandbox/isolation.ts";
import { databaseUser, lines, ownAction } from "./impact-of.ts";

describe("a pair in the background", () => {
  const claim = (value: string) => ({
    actions: [ownAction(`api.idToken.setCustomClaim("picture", "${value}" + event.user.user_id);`)],
  });
  const codes = { old: claim("old:"), new: claim("new:") };

  it("gives way to another one beside programs that never rest, and no answer is missing or wrong", async function () {
    if (!isolation().background) this.skip();
    this.timeout(60_000);
    const started: boolean[] = [];
    const stopHogs = hogEveryProcessor();
    const pair = startBackgroundPair((background) => {
      started.push(background);
      return startFlowPair(codes, {}, background);
    }, 200);
    try {
      for (let from = 0; started.length < 2; from += 100) {
        const users = Array.from({ length: 100 }, (_, index) => databaseUser(from + index));
        const expected = (value: string) => users.map(({ user_id: id }) => [`${value}${id}`]);
        const outcomes = await pair.run(Buffer.from(lines(...users)));
        assert.deepEqual(outcomes, { old: expected("old:"), new: expected("new:") });
      }
    } finally {
      await Promise.all([pair.stop(), stopHogs()]);
    }
    assert.deepEqual(started, [true, false]);
  });

  it("is not replaced where its code breaks: that is told", async () => {
    const started: boolean[] = [];
    const endless = { actions: [ownAction("for (;;);")] };
    // Looked at only after the test: a busy machine may hold it up as well.
    const pair = startBackgroundPair((background) => {
      started.push(background);
      return startFlowPair({ ...codes, new: endless }, { silenceMs: 300 }, background);
    }, 60_000);
    try {
      await assert.rejects(pair.run(Buffer.from(lines(databaseUser(1)))), { code: "impact-broke" });
    } finally {
      await pair.stop();
    }
    assert.deepEqual(started, [true]);
  });
});

describe("isHeldUp()", () => {
  const times = (ranMs: number, queuedMs: number) => ({ ranMs, queuedMs });

  it("is true only of a process that waited for most of a second, and much longer than it ran", () => {
    const since = times(5000, 9000);
    assert.equal(isHeldUp(since, times(5003, 9990), 1000), true);
    assert.equal(isHeldUp(since, times(5240, 9700), 1000), true);
    // Two processes of a pair, and their parent, on two cores.
    assert.equal(isHeldUp(since, times(5540, 9350), 1000), false);
    assert.equal(isHeldUp(since, times(5330, 9650), 1000), false);
    // It rests.
    assert.equal(isHeldUp(since, since, 1000), false);
    assert.equal(isHeldUp(since, times(5001, 9010), 1000), false);
  });

  it("is false where it is not known", () => {
    assert.equal(isHeldUp(undefined, times(0, 5000), 1000), false);
    assert.equal(isHeldUp(times(0, 0), undefined, 1000), false);
  });
});

/** Programs that never rest, one for each processor; other tests go first. @returns What ends them. */
function hogEveryProcessor(): () => Promise<void> {
  const hogs = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ["--eval", "for (;;);"], { stdio: "ignore" }),
  );
  for (const { pid } of hogs) if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  return async () => {
    await Promise.all(
      hogs.map(async (hog) => {
        const closed = once(hog, "close");
        hog.kill("SIGKILL");
        await closed;
      }),
    );
  };
}
